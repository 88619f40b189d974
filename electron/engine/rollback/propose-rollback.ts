import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { Plan, PlannedStep } from '../../../shared/plan/plan.ts'
import type { RollbackProposal, StoredSnapshot, TenantRollback } from '../../../shared/run/rollback.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import type { Tenant, Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { findTenant } from '../context/run-context.ts'
import type { AcceptedLosses } from '../losses/accepted-losses.ts'
import { countLosses } from '../losses/count-losses.ts'
import { listUnguarded } from '../losses/list-unguarded.ts'
import { withTables } from '../planning/make-plan.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { VersionTable } from '../ports/migration-source.ts'
import type { RehearsalPorts } from '../rehearsal/rehearsal-context.ts'
import { chooseRollbackWays, type JudgedWay } from './choose-rollback-ways.ts'
import { findLaterRuns } from './find-later-runs.ts'
import { chooseTenantsToRollBack, judgePosition } from './judge-position.ts'
import { judgeSnapshot } from './judge-snapshot.ts'
import { type DowngradeSteps, keyOfWay, planRollback } from './plan-rollback.ts'
import { readUndoneRun, type UndoneRun, type UndoneTenant } from './read-undone-run.ts'
import { type RehearsedRollback, rehearseRollback } from './rehearse-rollback.ts'

/** Which run is to be undone, and how it is looked into. */
export interface ProposalRequest {
  readonly config: ProjectConfig
  readonly runId: string
  /** Names or globs; empty means every tenant that the run moved and that is not back yet. */
  readonly tenants: readonly string[]
  readonly topology: Topology
  /** Told of each step in words. */
  readonly onProgress: (line: string) => void
}

/** A proposal, and what is needed to carry it out. */
export interface PreparedRollback {
  readonly proposal: RollbackProposal
  /** Null where the whole is refused before there are tenants. */
  readonly plan: Plan | null
  readonly run: UndoneRun | null
  readonly snapshots: ReadonlyMap<string, StoredSnapshot>
  /** By tenant that would go down: what it would lose, as it was told. */
  readonly accepted: ReadonlyMap<string, AcceptedLosses>
}

/** What is asked of the outside world before a run is undone. */
export type ProposalPorts = RehearsalPorts &
  Pick<EnginePorts, 'store' | 'lossFacts' | 'snapshots' | 'restores'>

/** Works out how each tenant of a run would be rolled back, by evidence; scratch copies apart, nothing is changed. Throws `run_unknown`. */
export async function proposeRollback(
  request: ProposalRequest,
  ports: ProposalPorts,
  signal: AbortSignal,
): Promise<PreparedRollback> {
  const { config, runId } = request
  const stored = (await ports.store.list()).find(run => run.runId === runId)
  if (stored?.alive) return refuseWhole(ports, runId, 'it is still at work')
  const { run, refusal } = readUndoneRun(runId, await ports.store.read(runId))
  if (!run) return refuseWhole(ports, runId, refusal)
  const later = await findLaterRuns(ports.store, { runId, project: config.project })
  const chosen = chooseTenantsToRollBack(run, request.tenants, later)
  if (chosen.length === 0) {
    const by = [...new Set(later.undone.values())]
    return refuseWhole(ports, runId, `it is rolled back already, by run ${by.join(', ')}`)
  }
  const positions = await mapConcurrently(chosen, 4, async one => ({
    one,
    moved: await judgePosition(one, later, { topology: request.topology, ports }, signal),
  }))
  const steps = new Map<string, readonly PlannedStep[]>()
  const rehearsed = new Map<string, RehearsedRollback>()
  const snapshots = new Map<string, StoredSnapshot>()
  const accepted = new Map<string, AcceptedLosses>()
  const tenants: TenantRollback[] = []
  // One after another: each class is rehearsed once, and counting is work for the server.
  for (const { one, moved } of positions) {
    const known = { run, steps, rehearsed, snapshots, accepted }
    tenants.push(await proposeTenant(request, ports, one, { moved, known }, signal))
  }
  return { ...assemble(ports, run, tenants, steps), run, snapshots, accepted }
}

interface Known {
  readonly run: UndoneRun
  readonly steps: Map<string, readonly PlannedStep[]>
  readonly rehearsed: Map<string, RehearsedRollback>
  readonly snapshots: Map<string, StoredSnapshot>
  readonly accepted: Map<string, AcceptedLosses>
}

async function proposeTenant(
  request: ProposalRequest,
  ports: ProposalPorts,
  undone: UndoneTenant,
  { moved, known }: { readonly moved: string | null; readonly known: Known },
  signal: AbortSignal,
): Promise<TenantRollback> {
  const { planned, before, after } = undone
  const { tenant: name, cluster, database } = planned
  const base = { tenant: name, cluster, database, from: after, to: before }
  if (moved !== null)
    return { ...base, way: 'none', evidence: [moved], losses: [], rowsLost: null, refusal: moved }
  const tenant = findTenant(request.topology, name)
  const ways: JudgedWay[] = []
  for (const way of request.config.rollback.ways) {
    if (way === 'downgrade') ways.push(await weighDowngrade(request, ports, undone, known, signal))
    else {
      const weighed = await judgeSnapshot(ports, { runId: known.run.runId, tenant, undone }, signal)
      if (weighed.snapshot) known.snapshots.set(name, weighed.snapshot)
      ways.push(weighed.weighed)
    }
  }
  const { endsIn, ...chosen } = chooseRollbackWays(ways)
  return { ...base, to: { ...before, fingerprint: endsIn ?? before.fingerprint }, ...chosen }
}

async function weighDowngrade(
  request: ProposalRequest,
  ports: ProposalPorts,
  { planned, before, after }: UndoneTenant,
  { steps, rehearsed, accepted }: Known,
  signal: AbortSignal,
): Promise<JudgedWay> {
  const tenant = findTenant(request.topology, planned.tenant)
  const key = keyOfWay(after, before)
  const close = (why: string): JudgedWay => ({ way: 'downgrade', why })
  if (!steps.has(key)) {
    try {
      const back = await ports.source.planDowngrade(after.heads, before.heads, signal)
      steps.set(key, await Promise.all(back.map(step => withTables(step, ports))))
    } catch (error) {
      if (signal.aborted) throw error
      const { what, why } = describeFailure(toFailure(error))
      return close(`there is no downgrade: ${[what, why].filter(text => text !== '').join(' ')}`)
    }
  }
  const ofWay = steps.get(key) ?? []
  if (ofWay.length === 0) return close('there is no downgrade')
  const className = `${key}/${after.fingerprint}/${before.fingerprint}`
  const context = { config: request.config, ports, onProgress: request.onProgress }
  const goBack = async () => {
    const versionTable = await findVersionTable(ports, tenant, signal)
    return rehearseRollback(context, tenant, { from: after, to: before, steps: ofWay, versionTable }, signal)
  }
  const known = rehearsed.get(className) ?? (await goBack())
  rehearsed.set(className, known)
  if (!known.works) return close(known.why)
  const counted = await countLosses(ports.lossFacts, tenant, known.dropped, signal)
  accepted.set(tenant.name, { things: counted.things, changes: known.changes })
  const uncountable = [...known.losses, ...listUnguarded(known.dropped, ofWay)]
  return {
    way: 'downgrade',
    evidence: known.evidence,
    losses: [...uncountable, ...counted.losses],
    rowsLost: uncountable.length > 0 ? null : counted.rows,
    ...(known.endsIn === null ? {} : { endsIn: known.endsIn }),
  }
}

/** Where a source says what is applied; it is called as the contents of a tenant are: its own schema is `public`. */
async function findVersionTable(
  { source }: Pick<EnginePorts, 'source'>,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<VersionTable | null> {
  const table = await source.findVersionTable(tenant, signal)
  return table !== null && table.schema === tenant.schema ? { ...table, schema: 'public' } : table
}

function assemble(
  ports: Pick<EnginePorts, 'digest'>,
  run: UndoneRun,
  tenants: readonly TenantRollback[],
  steps: DowngradeSteps,
): { readonly proposal: RollbackProposal; readonly plan: Plan } {
  const plan = planRollback(run, tenants, steps)
  // What is shown as evidence may be said otherwise another time; what would happen, and be lost, may not.
  const approved = tenants.map(({ evidence: _, ...rest }) => rest)
  const rollbackId = ports.digest(JSON.stringify([run.runId, approved, plan]))
  const refused = tenants.filter(one => one.refusal !== null)
  const isLossless = refused.length === 0 && tenants.every(one => one.losses.length === 0)
  const refusal =
    refused.length === 0
      ? null
      : `${listNames(refused.map(one => one.tenant))} cannot be rolled back, and a rollback takes all tenants or none`
  return {
    proposal: { rollbackId, runId: run.runId, tenants, isLossless, refusal },
    plan: { planId: rollbackId, ...plan },
  }
}

function refuseWhole(ports: Pick<EnginePorts, 'digest'>, runId: string, refusal: string): PreparedRollback {
  const rollbackId = ports.digest(JSON.stringify([runId, refusal]))
  const proposal = { rollbackId, runId, tenants: [], isLossless: false, refusal }
  return { proposal, plan: null, run: null, snapshots: new Map(), accepted: new Map() }
}
