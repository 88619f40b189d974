import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Plan, PlannedTenant } from '../../../shared/plan/plan.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import {
  findTenant,
  primaryOf,
  type RunContext,
  type RunPorts,
  type Snapshot,
} from '../context/run-context.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { Phase } from '../phases/phase.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { WalMark } from '../ports/snapshots.ts'
import { sameHeads } from '../routes/same-heads.ts'
import { chooseCopies } from '../snapshots/choose-copies.ts'
import { createWriteLedger, type WriteLedger } from '../snapshots/write-ledger.ts'

/** What a run can be compared with, and return to. */
interface Snapshots {
  readonly snapshots: ReadonlyMap<string, Snapshot>
  /** Counts what others write, where a copy was taken. */
  readonly writes: WriteLedger
}

/** Takes what a rollback is proven against, and what it can return to; a tenant that moved since planning voids the plan. */
export const takeSnapshots: Phase<SnapshotRun, Snapshots> = {
  name: 'rollback_snapshot',
  hooks: onceAround,
  async work(run) {
    const { plan } = run
    const writes = createWriteLedger(run.ports.snapshots)
    const planned = listMigrating(plan)
    const proveOne = async (one: PlannedTenant) => [one.tenant, await proveUnmoved(run, plan, one)] as const
    const snapshots = new Map(await mapConcurrently(planned, 4, proveOne))
    const marks = await markClusters(run, planned)
    const wanted = chooseCopies(plan, run.rehearsal, run.config.snapshots)
    // Copies compete for the disk: two at a time, and all tenants that need none at once.
    await mapConcurrently(planned, wanted.size > 0 ? 2 : 16, async one => {
      const snapshot = snapshots.get(one.tenant)
      if (!snapshot) return
      const mark = marks.get(one.cluster) ?? null
      await (wanted.has(one.tenant)
        ? copyTenant(run, one, { snapshot, mark, ledger: writes })
        : recordSnapshot(run, one, snapshot, mark))
    })
    const copies = wanted.size === 0 ? '' : `, ${wanted.size} copied`
    const message = `${countOf(snapshots.size, 'tenant')} fingerprinted${copies}`
    return { status: 'success', message, found: { snapshots, writes } }
  },
}

interface CopyingRun extends RunContext {
  readonly ports: RunPorts & Pick<EnginePorts, 'snapshots'>
}

interface SnapshotRun extends CopyingRun {
  readonly plan: Plan
  readonly rehearsal: Rehearsal | null
}

async function proveUnmoved(
  { ports, topology, signal }: RunContext,
  plan: Plan,
  planned: PlannedTenant,
): Promise<Snapshot> {
  const tenant = findTenant(topology, planned.tenant)
  // One after the other: so they can use the same session.
  const fingerprint = await ports.servers.readCatalog(primaryOf(topology, tenant), tenant, signal)
  const heads = await ports.source.readHeads(tenant, signal)
  if (fingerprint.hash !== planned.fingerprint || !sameHeads(heads, planned.from)) {
    const moved = [`tenant ${planned.tenant} changed while the run was under way`]
    throw new LockstepError({ kind: 'plan_void', approved: plan.planId, actual: plan.planId, moved })
  }
  return { heads, fingerprint: fingerprint.hash, items: fingerprint.items }
}

async function markClusters(
  { ports, topology, runId, signal }: CopyingRun,
  planned: readonly PlannedTenant[],
): Promise<ReadonlyMap<string, WalMark>> {
  const names = new Set(planned.map(one => one.cluster))
  const clusters = topology.clusters.filter(cluster => names.has(cluster.name))
  const marks = await mapConcurrently(clusters, 4, async ({ name, primary }) => {
    const mark = await ports.snapshots.markPoint(primary.server, `lockstep_before_${runId}`, signal)
    return [name, mark] as const
  })
  return new Map(marks)
}

async function copyTenant(
  context: CopyingRun,
  planned: PlannedTenant,
  {
    snapshot,
    mark,
    ledger,
  }: { readonly snapshot: Snapshot; readonly mark: WalMark | null; readonly ledger: WriteLedger },
): Promise<void> {
  const { ports, recorder, topology, config, runId, signal } = context
  const tenant = findTenant(topology, planned.tenant)
  if (tenant.schema !== undefined) {
    const tried = ['the tenant is a schema: a copy of its database would hold its neighbours too']
    throw new LockstepError({ kind: 'snapshot_failed', tenant: planned.tenant, tried })
  }
  await ledger.begin(tenant, signal)
  let saying: Promise<unknown> = Promise.resolve()
  const copy = await ports.snapshots.take(
    {
      runId,
      tenant,
      heads: snapshot.heads,
      fingerprint: snapshot.fingerprint,
      how: config.snapshots.how,
      verify: config.snapshots.verify,
      minFreeBytes: config.snapshots.minFreeBytes,
      mark: mark ?? { lsn: '', restorePoint: null },
      onProgress(kind, doneBytes, totalBytes) {
        const volatile = { doneBytes, totalBytes }
        saying = saying.then(() =>
          recorder.tryRecord({ type: 'snapshot.copying', tenant: planned.tenant, kind, volatile }),
        )
      },
    },
    signal,
  )
  await saying
  await recorder.record({
    type: 'snapshot.taken',
    tenant: planned.tenant,
    heads: snapshot.heads,
    fingerprint: snapshot.fingerprint,
    copy: { kind: copy.kind, verified: copy.verified },
    volatile: {
      ...describeMark(mark),
      location: copy.location,
      bytes: copy.bytes,
      checksum: copy.checksum,
    },
  })
}

function recordSnapshot(
  { recorder }: RunContext,
  { tenant }: PlannedTenant,
  { heads, fingerprint }: Snapshot,
  mark: WalMark | null,
): Promise<void> {
  return recorder.record({ type: 'snapshot.taken', tenant, heads, fingerprint, volatile: describeMark(mark) })
}

function describeMark(mark: WalMark | null): {
  readonly lsn: string | null
  readonly restorePoint: string | null
} {
  return { lsn: mark?.lsn ?? null, restorePoint: mark?.restorePoint ?? null }
}
