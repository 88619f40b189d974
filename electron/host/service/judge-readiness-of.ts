import type { Failure } from '../../../shared/failure.ts'
import { judgeReadiness } from '../../../shared/judge-readiness.ts'
import { listMigrating } from '../../../shared/plan-selectors.ts'
import type { Readiness } from '../../../shared/readiness.ts'
import { nameUnfinished } from '../../engine/find-open-runs.ts'
import type { AttentionFacts } from './list-attention.ts'

/** "May I migrate now?", from what the overview knows; null where no project is open. */
export function judgeReadinessOf(facts: AttentionFacts | null): Readiness {
  if (facts === null)
    return judgeReadiness({
      hasProject: false,
      failure: null,
      blocked: null,
      activeRun: null,
      unproven: null,
      fleet: null,
      plan: null,
    })
  const { plan, active, unproven, failure, fleet } = facts
  return judgeReadiness({
    hasProject: true,
    failure,
    blocked: blockedBy(facts),
    activeRun: active[0] ?? null,
    unproven: unproven?.runId ?? null,
    fleet,
    plan: plan === null ? null : describePlan(plan),
  })
}

/** Open votes say more than a log without an end: they name who is prepared. */
function blockedBy({ unsettled, unfinished }: AttentionFacts): Failure | null {
  if (unsettled) return unsettled
  return unfinished ? nameUnfinished(unfinished) : null
}

function describePlan({ plan, record, gates }: NonNullable<AttentionFacts['plan']>) {
  return {
    planId: plan.planId,
    state: record.state === 'approved' ? ('approved' as const) : ('waiting' as const),
    tenants: listMigrating(plan).length,
    target: plan.target,
    gates,
  }
}
