import type { PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute, listMigrating } from '../../../shared/plan/plan-selectors.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type ExecutionContext, findTenant } from '../context/run-context.ts'
import { type Patience, withPatience } from '../context/with-patience.ts'
import { sameHeads } from '../routes/same-heads.ts'
import { readHeadsUntil } from '../voting/look-up-vote.ts'
import type { RunRecord } from './read-record.ts'

/** Where a tenant is found: at the end of its route, at a step in between, or anywhere else (which its proof then judges). */
export type Standing = 'migrated' | 'between' | 'elsewhere'

export interface FoundTenant {
  readonly planned: PlannedTenant
  readonly standing: Standing
}

/** Asks the version tables where the planned tenants are, and records those whose end the log has missed. */
export async function readStandings(
  context: ExecutionContext,
  record: RunRecord,
): Promise<readonly FoundTenant[]> {
  const planned = listMigrating(record.plan)
  return withPatience(context.config.execution.settleSeconds, patience =>
    mapConcurrently(planned, 8, async one => {
      const standing = await readStanding(context, one, patience)
      if (record.begun.has(one.tenant) && !record.ended.has(one.tenant) && standing !== 'elsewhere') {
        const settled = { tenant: one.tenant, how: 'already_committed', volatile: {} } as const
        await context.recorder.record({ type: 'recovery.settled', ...settled })
      }
      return { planned: one, standing }
    }),
  )
}

/** Where one tenant is; `elsewhere` when it does not answer, so that it has to be proven. */
export async function readStanding(
  context: ExecutionContext,
  planned: PlannedTenant,
  patience: Patience,
): Promise<Standing> {
  const route = findRoute(context.plan, planned)
  const tenant = findTenant(context.topology, planned.tenant)
  const heads = await readHeadsUntil(context.ports, tenant, patience.signal)
  if (heads !== null) patience.renew()
  if (!route || heads === null || sameHeads(heads, planned.from)) return 'elsewhere'
  if (sameHeads(heads, route.to)) return 'migrated'
  return route.steps.some(step => sameHeads(step.headsAfter, heads)) ? 'between' : 'elsewhere'
}
