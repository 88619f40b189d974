import type { PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute, listMigratingOf } from '../../../shared/plan/plan-selectors.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type ExecutionContext, findTenant } from '../context/run-context.ts'
import { type IdleDeadline, withIdleDeadline } from '../context/with-idle-deadline.ts'
import { sameHeads } from '../routes/same-heads.ts'
import { readHeadsUntil } from '../voting/look-up-vote.ts'
import type { RunRecord } from './read-record.ts'

/** Where a tenant is found: at the end of its route, at a step in between, or anywhere else (which its proof then judges). */
export type FoundPosition = 'target' | 'partial' | 'other'

export interface FoundTenant {
  readonly planned: PlannedTenant
  readonly position: FoundPosition
}

/** Asks the version tables where the planned tenants are, and records those whose end the log has missed, or of whom it says more than is so. */
export async function readPositions(
  context: ExecutionContext,
  record: RunRecord,
): Promise<readonly FoundTenant[]> {
  const planned = record.plan.groups.flatMap(group =>
    listMigratingOf(group).map(one => ({ group: group.name, planned: one })),
  )
  return withIdleDeadline(context.config.execution.settleSeconds, idleDeadline =>
    mapConcurrently(planned, 8, async ({ group, planned: one }) => {
      const { position, heads } = await readPosition(context, one, idleDeadline)
      const { tenant } = one
      if (position === 'partial') {
        // Also of whom the log says that a part has committed: at the target it is not.
        const failure = { kind: 'steps_left', tenants: [tenant], heads } as const
        await context.recorder.record({ type: 'tenant.unsettled', group, tenant, failure, volatile: {} })
      } else if (position === 'target' && record.begun.has(tenant) && !record.ended.has(tenant)) {
        const settled = { tenant, how: 'already_committed', volatile: {} } as const
        await context.recorder.record({ type: 'recovery.settled', ...settled })
      }
      return { planned: one, position }
    }),
  )
}

/** Where one tenant is; `other` when it does not answer, so that it has to be proven. */
export async function readPosition(
  context: ExecutionContext,
  planned: PlannedTenant,
  idleDeadline: IdleDeadline,
): Promise<{ readonly position: FoundPosition; readonly heads: readonly string[] }> {
  const route = findRoute(context.plan, planned)
  const tenant = findTenant(context.topology, planned.tenant)
  const heads = await readHeadsUntil(context.ports, tenant, idleDeadline.signal)
  if (heads !== null) idleDeadline.renew()
  if (!route || heads === null || sameHeads(heads, planned.from))
    return { position: 'other', heads: heads ?? [] }
  if (sameHeads(heads, route.to)) return { position: 'target', heads }
  const isBetween = route.steps.some(step => sameHeads(step.headsAfter, heads))
  return { position: isBetween ? 'partial' : 'other', heads }
}
