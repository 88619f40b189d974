import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedTenant } from '../../../shared/plan/plan.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { readVolatileText } from '../../../shared/text/volatile.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../context/run-context.ts'
import { withIdleDeadline } from '../context/with-idle-deadline.ts'
import { lastSteps } from '../open-runs/list-closed-by-runs.ts'
import { proveUndone } from './prove-undone.ts'
import type { RestoreContext } from './restore-tenants.ts'

/**
 * Takes sessions again wherever a rollback that was cut off had closed a database, and removes copies that have not
 * taken their places. Whether the swap happened needs no asking: it is one transaction, and under either outcome the
 * database of that name has to take sessions.
 */
export async function reopenClosed(
  { ports, topology, recorder, config }: RestoreContext,
  events: readonly RunEvent[],
): Promise<Failure | null> {
  return withIdleDeadline(config.execution.settleSeconds, async idleDeadline => {
    let failure: Failure | null = null
    for (const event of lastSteps(events)) {
      if (event.step === 'swapped' || event.step === 'discarded') continue
      const tenant = findTenant(topology, event.tenant)
      const { group, volatile } = event
      const prepared = readVolatileText(volatile, 'prepared')
      try {
        if (event.step === 'closed') {
          await ports.restores.open(tenant, idleDeadline.signal)
          await recorder.tryRecord({
            type: 'tenant.restoring',
            group,
            tenant: tenant.name,
            step: 'reopened',
            volatile,
          })
        }
        if (prepared !== null) {
          await ports.restores.discard(primaryOf(topology, tenant), prepared, idleDeadline.signal)
          const step = 'discarded'
          await recorder.tryRecord({ type: 'tenant.restoring', group, tenant: tenant.name, step, volatile })
        }
        idleDeadline.renew()
      } catch (error) {
        failure ??= toFailure(error)
      }
    }
    return failure
  })
}

/** Of a rollback: whether those that went back are as they were before the run that it undoes. */
export async function proveUndoneOnRecord(
  context: ExecutionContext,
  events: readonly RunEvent[],
  migrated: readonly PlannedTenant[],
): Promise<Failure | null> {
  const proposed = events.findLast(event => event.type === 'rollback.proposed')
  if (proposed?.type !== 'rollback.proposed' || migrated.length === 0) return null
  const names = new Set(migrated.map(one => one.tenant))
  return proveUndone(
    context,
    proposed.proposal.tenants.filter(one => names.has(one.tenant)),
  )
}
