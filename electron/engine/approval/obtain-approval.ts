import type { Plan } from '../../../shared/plan/plan.ts'
import type { RunContext } from '../context/run-context.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase } from '../phases/phase.ts'
import { comparePlans } from '../planning/compare-plans.ts'
import { type ApprovalContext, askApproval } from './ask-approval.ts'

/** Asks for approval of exactly this plan. An approval of another plan is void, and says what moved. */
export const obtainApproval: Phase<RunContext & ApprovalContext & { readonly plan: Plan }, NothingMore> = {
  name: 'approval',
  hooks: onceAround,
  async work(run) {
    const { plan } = run
    const failure = await askApproval(run, {
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
    if (failure) return { status: 'failed', message: 'not approved', failure }
    return { status: 'success', message: `plan ${plan.planId.slice(0, 12)} approved`, found: {} }
  },
}
