import type { Failure } from '../../../shared/failure/failure.ts'
import { confirmationLevelOf } from '../../../shared/plan/confirmation-level.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { environmentOf } from '../../config/environment-of.ts'
import type { RunContext } from '../context/run-context.ts'
import type { ApprovalAnswer } from '../ports/approvals.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { refuseUnconfirmed } from './refuse-unconfirmed.ts'

/** What of a run an approval takes part in. */
export interface ApprovalContext extends Pick<RunContext, 'config' | 'recorder' | 'signal'> {
  readonly ports: Pick<EnginePorts, 'approvals'>
}

type NamedPlan = Extract<ApprovalAnswer, { answer: 'approved_plan' }>

/** What a person is asked to approve. */
export interface ApprovalRequest {
  readonly action: 'apply' | 'roll_back'
  readonly plan: Plan
  /** For a rollback: what it does to each tenant. */
  readonly proposal?: RollbackProposal
  /** For a rollback: why its losses were accepted, where there are any. */
  readonly acceptedLoss?: string
  /** Says what has moved since another plan than this one was approved. */
  readonly describeVoid: (approved: NamedPlan) => Failure
}

/** Asks for approval of exactly this plan, and records it; null when it was given. */
export async function askApproval(
  context: ApprovalContext,
  request: ApprovalRequest,
): Promise<Failure | null> {
  const { plan, proposal } = request
  const reply = await context.ports.approvals.ask(plan, context.signal, proposal)
  switch (reply.answer) {
    case 'approved':
    case 'approved_plan': {
      const isNamed = reply.answer === 'approved_plan'
      if (isNamed && reply.planId !== plan.planId) return request.describeVoid(reply)
      const unconfirmed = refuseUnnamed(context, request, reply.confirmation)
      if (unconfirmed) return unconfirmed
      await recordApproval(context, request, reply)
      return null
    }
    case 'refused':
    case 'nobody_there':
      return { kind: 'approval_missing', planId: plan.planId }
    default:
      return assertNever(reply)
  }
}

type Approved = Extract<ApprovalAnswer, { answer: 'approved' | 'approved_plan' }>

function recordApproval(
  { recorder }: ApprovalContext,
  { plan, acceptedLoss }: ApprovalRequest,
  reply: Approved,
): Promise<void> {
  const { by, confirmation } = reply
  const reason = confirmation?.kind === 'named' ? { reason: confirmation.reason } : {}
  return recorder.recordDurably({
    type: 'approval.recorded',
    planId: plan.planId,
    how: reply.answer === 'approved' ? reply.how : 'named',
    volatile: { by, ...reason, ...(acceptedLoss === undefined ? {} : { acceptedLoss }) },
  })
}

/**
 * Where the consequence is greatest, the environment's name has to have been typed: regardless of who asks, and of what a screen
 * showed. Below that the approval itself is the acknowledgement: a prompt, --yes, or the plan's id.
 */
function refuseUnnamed(
  { config }: ApprovalContext,
  { action }: ApprovalRequest,
  confirmation: Approved['confirmation'],
): Failure | null {
  const environment = environmentOf(config)
  if (confirmationLevelOf(action, environment.protection) < 3) return null
  return refuseUnconfirmed(action, environment, confirmation)
}
