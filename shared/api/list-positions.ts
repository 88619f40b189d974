import type { Plan } from '../plan/plan.ts'
import { countSteps } from '../plan/plan-selectors.ts'
import type { TenantPosition } from './topology-view.ts'

/** Where each tenant stood when the plan was made. */
export function listPositions(plan: Plan): readonly TenantPosition[] {
  return plan.groups.flatMap(group =>
    group.tenants.map(planned => ({
      tenant: planned.tenant,
      cluster: planned.cluster,
      database: planned.database,
      group: group.name,
      wave: group.wave,
      heads: planned.from,
      behind: countSteps(plan, planned),
      fingerprint: planned.fingerprint,
    })),
  )
}
