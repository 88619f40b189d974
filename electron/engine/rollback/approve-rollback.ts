import type { Failure } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listLosses } from '../../../shared/run/group-ways-back.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { askApproval } from '../approval/ask-approval.ts'
import type { RunContext } from '../context/run-context.ts'
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
  return askApproval(context, {
    action: 'roll_back',
    plan,
    proposal,
    ...(acceptLoss ? { acceptedLoss: acceptLoss.reason } : {}),
    describeVoid: ({ planId }) => ({
      kind: 'plan_void',
      approved: planId,
      actual: plan.planId,
      moved: compareProposals(request.approved, proposal),
      undoes: proposal.runId,
    }),
  })
}

function refuseLosses({ proposal, acceptLoss }: RollbackApproval): Failure | null {
  const losses = listLosses(proposal.tenants)
  if (losses.length === 0 || (acceptLoss && acceptLoss.reason.trim().length >= 3)) return null
  return { kind: 'loss_not_accepted', runId: proposal.runId, losses: losses.slice(0, 20) }
}
