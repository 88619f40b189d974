import { assertNever } from '../../shared/assert-never.ts'
import { environmentOf } from '../../shared/config/environment-of.ts'
import type { Failure } from '../../shared/failure.ts'
import { frictionOf, meetsFriction } from '../../shared/friction.ts'
import type { Plan } from '../../shared/plan.ts'
import { comparePlans } from './compare-plans.ts'
import type { ApprovalAnswer } from './ports/approvals.ts'
import type { RunContext } from './run-context.ts'

/** Asks for approval of exactly this plan; null when it was given. An approval of another plan is void, and says what moved. */
export async function obtainApproval(context: RunContext, plan: Plan): Promise<Failure | null> {
  const reply = await context.ports.approvals.ask(plan, context.signal)
  const record = (how: 'flag' | 'prompt' | 'named' | 'api', by: string): Promise<void> =>
    context.recorder.recordDurably({
      type: 'approval.recorded',
      planId: plan.planId,
      how,
      volatile: { by, ...reasonOf(reply) },
    })
  const unconfirmed = refuseUnconfirmed(context, reply)
  switch (reply.answer) {
    case 'approved':
      if (unconfirmed) return unconfirmed
      await record(reply.how, reply.by)
      return null
    case 'approved_plan': {
      if (reply.planId === plan.planId) {
        if (unconfirmed) return unconfirmed
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

/** Where the consequence is greatest, the environment's name has to have been typed: whoever asks, and whatever their screen showed. */
function refuseUnconfirmed({ config }: RunContext, reply: ApprovalAnswer): Failure | null {
  const { name, protection } = environmentOf(config)
  const level = frictionOf('apply', protection)
  // At level 2 the approval itself is the acknowledgement: a prompt, --yes, or the plan's id.
  if (level !== 3 || !('confirmation' in reply)) return null
  if (meetsFriction(level, name, reply.confirmation)) return null
  return { kind: 'confirmation_missing', action: 'apply', level, environment: name }
}

function reasonOf(reply: ApprovalAnswer): { readonly reason?: string } {
  if (!('confirmation' in reply) || reply.confirmation?.kind !== 'named') return {}
  return { reason: reply.confirmation.reason }
}
