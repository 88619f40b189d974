import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import { countOf, formatBytes } from '../../../shared/text/plain-words.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import type { Restores } from '../ports/restores.ts'
import type { Snapshots } from '../ports/snapshots.ts'
import { countRowsSince, findUncounted } from '../snapshots/write-ledger.ts'
import type { JudgedWay } from './choose-rollback-ways.ts'
import { describeLostTie } from './describe-lost-tie.ts'
import type { UndoneTenant } from './read-undone-run.ts'

/** A snapshot as a rollback, and what it would lose. */
export interface JudgedSnapshot {
  readonly weighed: JudgedWay
  readonly snapshot: StoredSnapshot | null
}

/** Weighs the copy that a run took of a tenant: it has to be whole, proven, and no other session may have written since. */
export async function judgeSnapshot(
  {
    snapshots,
    restores,
  }: {
    readonly snapshots: Pick<Snapshots, 'find' | 'readWrites'>
    readonly restores: Pick<Restores, 'readTies'>
  },
  {
    runId,
    tenant,
    undone,
  }: { readonly runId: string; readonly tenant: Tenant; readonly undone: UndoneTenant },
  signal: AbortSignal,
): Promise<JudgedSnapshot> {
  const close = (why: string): JudgedSnapshot => ({ weighed: { way: 'snapshot', why }, snapshot: null })
  if (tenant.schema !== undefined)
    return close('the tenant is a schema: a copy of its database would take its neighbours back too')
  const snapshot = await snapshots.find(runId, tenant, signal)
  if (!snapshot) return close('the run took no copy of its data, or it is gone')
  if (!snapshot.verified) return close('its copy was never restored, so it is not known whether it can be')
  if (snapshot.fingerprint !== undone.before.fingerprint)
    return close('its copy does not have the schema of the tenant before the run')
  const now = undone.writes ? await snapshots.readWrites(tenant, signal) : null
  const rows = countRowsSince(undone.writes, now)
  const why = undone.writes && now ? findUncounted(undone.writes, now) : undone.unknownWrites
  const evidence = [
    `a proven copy (${snapshot.kind}, ${formatBytes(snapshot.bytes)}) from before the run is there`,
    ...(rows === 0 ? ['no other session has written since'] : []),
  ]
  const ties = await restores.readTies(tenant, signal)
  const losses = [...describe(rows, why), ...ties.map(describeLostTie)]
  return { weighed: { way: 'snapshot', evidence, losses, rowsLost: rows }, snapshot }
}

function describe(rows: number | null, why: string | null): readonly string[] {
  if (rows === 0) return []
  if (rows !== null) return [`${countOf(rows, 'row')} that others wrote since the copy was taken`]
  const cause = why || 'the server does not count rows (track_counts)'
  return [`whatever others wrote since the copy was taken, which cannot be counted: ${cause}`]
}
