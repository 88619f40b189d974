import type { Failure } from '../../../shared/failure/failure.ts'
import { listLosses } from '../../../shared/run/group-rollbacks.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { askApproval } from '../approval/ask-approval.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase } from '../phases/phase.ts'
import { compareProposals } from './compare-proposals.ts'
import type { AskedRollback, RollbackRequest } from './rollback-request.ts'
import type { PlannedRollback } from './work-out-rollback.ts'

/** Asks for approval of exactly this rollback. Losses have to be accepted with a reason. */
export const approveRollback: Phase<AskedRollback & PlannedRollback, NothingMore> = {
  name: 'approval',
  hooks: onceAround,
  async work(run) {
    const { plan, request, prepared } = run
    const { proposal } = prepared
    const failure = refuseLosses(proposal, request.acceptLoss) ?? (await askFor(run))
    if (failure) return { status: 'failed', message: 'not approved', failure }
    return { status: 'success', message: `rollback ${plan.planId.slice(0, 12)} approved`, found: {} }
  },
}

function askFor(run: AskedRollback & PlannedRollback): Promise<Failure | null> {
  const { plan, request, prepared } = run
  const { proposal } = prepared
  const { acceptLoss, approved } = request
  return askApproval(run, {
    action: 'roll_back',
    plan,
    proposal,
    ...(acceptLoss ? { acceptedLoss: acceptLoss.reason } : {}),
    describeVoid: ({ planId }) => ({
      kind: 'plan_void',
      approved: planId,
      actual: plan.planId,
      moved: compareProposals(approved, proposal),
      undoes: proposal.runId,
    }),
  })
}

function refuseLosses(
  { runId, tenants }: RollbackProposal,
  acceptLoss: RollbackRequest['acceptLoss'],
): Failure | null {
  const losses = listLosses(tenants)
  if (losses.length === 0 || (acceptLoss && acceptLoss.reason.trim().length >= 3)) return null
  return { kind: 'loss_not_accepted', runId, losses: losses.slice(0, 20) }
}
