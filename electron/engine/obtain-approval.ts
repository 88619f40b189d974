import { assertNever } from '../../shared/assert-never.ts'
import type { Failure } from '../../shared/failure.ts'
import type { Plan } from '../../shared/plan.ts'
import { comparePlans } from './compare-plans.ts'
import type { RunContext } from './run-context.ts'

/** Asks for approval of exactly this plan; null when it was given. An approval of another plan is void, and says what moved. */
export async function obtainApproval(context: RunContext, plan: Plan): Promise<Failure | null> {
  const reply = await context.ports.approvals.ask(plan, context.signal)
  const record = (how: 'flag' | 'prompt' | 'named' | 'api', by: string): Promise<void> =>
    context.recorder.recordDurably({ type: 'approval.recorded', planId: plan.planId, how, volatile: { by } })
  switch (reply.answer) {
    case 'approved':
      await record(reply.how, reply.by)
      return null
    case 'approved_plan': {
      if (reply.planId === plan.planId) {
        await record('named', reply.by)
        return null
      }
      const moved = reply.plan
        ? comparePlans(reply.plan, plan)
        : ['the approved plan is not kept here, so what moved cannot be said']
      return { kind: 'plan_void', approved: reply.planId, actual: plan.planId, moved }
    }
    case 'refused':
    case 'nobody_there':
      return { kind: 'approval_missing', planId: plan.planId }
    default:
      return assertNever(reply)
  }
}
