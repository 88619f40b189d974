import type { Possibility } from '../../../shared/api/plan-view.ts'
import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { type GuardFacts, guardRequest } from '../../engine/approval/guard-request.ts'
import { describePossibilities } from '../describe-possibilities.ts'

/** What may be done with a plan now. */
export function listPlanPossibilities(facts: GuardFacts, plan: Plan): readonly Possibility[] {
  const { planId } = plan
  const confirmation = null
  return describePossibilities(facts, [
    [
      'approve',
      judgeEmpty(plan, 'approve') ??
        guardRequest('plan.approve', { planId, confirmation, comment: '' }, facts),
    ],
    ['reject', guardRequest('plan.reject', { planId, comment: 'a comment' }, facts)],
    ['apply', judgeEmpty(plan, 'apply') ?? guardRequest('run.start', { planId, confirmation }, facts)],
  ])
}

/** Throws `not_possible` for a plan in which nobody moves. */
export function refuseEmpty(plan: Plan, action: 'approve' | 'apply'): void {
  const refusal = judgeEmpty(plan, action)
  if (refusal) throw new LockstepError(refusal)
}

function judgeEmpty({ routes }: Plan, action: 'approve' | 'apply'): Failure | null {
  if (routes.length > 0) return null
  const reason = 'Every tenant is at the target: there is nothing to do.'
  return { kind: 'not_possible', action, reason }
}
