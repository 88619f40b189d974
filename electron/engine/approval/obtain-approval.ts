import type { Failure } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { RunContext } from '../context/run-context.ts'
import { comparePlans } from '../planning/compare-plans.ts'
import { askApproval } from './ask-approval.ts'

/** Asks for approval of exactly this plan; null when it was given. An approval of another plan is void, and says what moved. */
export function obtainApproval(context: RunContext, plan: Plan): Promise<Failure | null> {
  return askApproval(context, {
    action: 'apply',
    plan,
    describeVoid: approved => ({
      kind: 'plan_void',
      approved: approved.planId,
      actual: plan.planId,
      moved: approved.plan
        ? comparePlans(approved.plan, plan)
        : ['the approved plan is not kept here, so what moved cannot be said'],
    }),
  })
}
