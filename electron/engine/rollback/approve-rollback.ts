import { assertNever } from '../../../shared/assert-never.ts'
import { environmentOf } from '../../../shared/config/environment-of.ts'
import type { Failure } from '../../../shared/failure.ts'
import { frictionOf, meetsFriction } from '../../../shared/friction.ts'
import { listLosses } from '../../../shared/group-ways-back.ts'
import type { Plan } from '../../../shared/plan.ts'
import type { RollbackProposal } from '../../../shared/rollback.ts'
import type { ApprovalAnswer } from '../ports/approvals.ts'
import type { RunContext } from '../run-context.ts'
import { compareProposals } from './compare-proposals.ts'

/** What is to be approved, and what somebody has accepted before. */
export interface RollbackApproval {
  readonly plan: Plan
  readonly proposal: RollbackProposal
  /** Why the losses are accepted; null where nobody has. */
  readonly acceptLoss: { readonly reason: string } | null
  /** The proposal that an approval by id was given for, where it is kept. */
  readonly approved: RollbackProposal | null
}

/** Asks for approval of exactly this rollback; null when it was given. Losses have to be accepted with a reason. */
export async function approveRollback(
  context: RunContext,
  request: RollbackApproval,
): Promise<Failure | null> {
  const { plan, proposal, acceptLoss } = request
  const unaccepted = refuseLosses(request)
  if (unaccepted) return unaccepted
  const reply = await context.ports.approvals.ask(plan, context.signal, proposal)
  const unconfirmed = refuseUnconfirmed(context, reply)
  const record = (how: 'flag' | 'prompt' | 'named' | 'api', by: string): Promise<void> =>
    context.recorder.recordDurably({
      type: 'approval.recorded',
      planId: plan.planId,
      how,
      volatile: { by, ...reasonOf(reply), ...(acceptLoss ? { acceptedLoss: acceptLoss.reason } : {}) },
    })
  switch (reply.answer) {
    case 'approved':
      if (unconfirmed) return unconfirmed
      await record(reply.how, reply.by)
      return null
    case 'approved_plan':
      if (reply.planId !== plan.planId) {
        const moved = compareProposals(request.approved, proposal)
        return {
          kind: 'plan_void',
          approved: reply.planId,
          actual: plan.planId,
          moved,
          undoes: proposal.runId,
        }
      }
      if (unconfirmed) return unconfirmed
      await record('named', reply.by)
      return null
    case 'refused':
    case 'nobody_there':
      return { kind: 'approval_missing', planId: plan.planId }
    default:
      return assertNever(reply)
  }
}

function refuseLosses({ proposal, acceptLoss }: RollbackApproval): Failure | null {
  const losses = listLosses(proposal.tenants)
  if (losses.length === 0 || (acceptLoss && acceptLoss.reason.trim().length >= 3)) return null
  return { kind: 'loss_not_accepted', runId: proposal.runId, losses: losses.slice(0, 20) }
}

function refuseUnconfirmed({ config }: RunContext, reply: ApprovalAnswer): Failure | null {
  const { name, protection } = environmentOf(config)
  const level = frictionOf('roll_back', protection)
  // At level 2 the approval itself is the acknowledgement: a prompt, --yes, or the rollback's id.
  if (level !== 3 || !('confirmation' in reply)) return null
  if (meetsFriction(level, name, reply.confirmation)) return null
  return { kind: 'confirmation_missing', action: 'roll_back', level, environment: name }
}

function reasonOf(reply: ApprovalAnswer): { readonly reason?: string } {
  if (!('confirmation' in reply) || reply.confirmation?.kind !== 'named') return {}
  return { reason: reply.confirmation.reason }
}
