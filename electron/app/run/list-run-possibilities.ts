import type { NotYetJudged, Possibility } from '../../../shared/api/plan-view.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { type GuardFacts, guardRequest } from '../../engine/approval/guard-request.ts'
import { describePossibilities } from '../describe-possibilities.ts'

/** What is said of a rollback that nobody has worked out yet. */
export const notYetProposed: NotYetJudged = {
  state: 'not_yet_judged',
  reason: 'How each tenant would be rolled back, and what that would lose, has not been worked out yet.',
}

/** What may be done with a run now; `proposal` is how it would be undone, as far as that is known. */
export function listRunPossibilities(
  facts: GuardFacts,
  runId: string,
  proposal: RollbackProposal | null,
): readonly Possibility[] {
  const input = { runId, confirmation: null }
  return describePossibilities(facts, [
    ['pause', guardRequest('run.pause', input, facts)],
    ['resume', guardRequest('run.resume', input, facts)],
    ['abort', guardRequest('run.abort', input, facts)],
    ['recover', guardRequest('run.recover', input, facts)],
    ['roll_back', judgeRollBack(facts, runId, proposal)],
  ])
}

/** What cannot be rolled back is refused before a person is asked; until it was worked out, it is not known. */
function judgeRollBack(facts: GuardFacts, runId: string, proposal: RollbackProposal | null): Failure | null {
  const rollbackId = proposal?.rollbackId ?? ''
  const input = { runId, rollbackId, confirmation: null, acceptLoss: null, disconnect: false }
  const refusal = guardRequest('rollback.start', input, facts)
  if (refusal && refusal.kind !== 'confirmation_missing') return refusal
  const reason = proposal === null ? notYetProposed.reason : proposal.refusal
  return reason === null ? refusal : { kind: 'not_possible', action: 'roll back', reason }
}
