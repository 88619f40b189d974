import type { Possibility } from '../../shared/api/plan-view.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import { type Action, confirmationLevelOf } from '../../shared/plan/confirmation-level.ts'
import type { GuardFacts } from '../engine/approval/guard-request.ts'

/** What may be done now, and how much each asks for; what only waits for a confirmation is possible. */
export function describePossibilities(
  { environment }: GuardFacts,
  refusals: readonly (readonly [Action, Failure | null])[],
): readonly Possibility[] {
  return refusals.map(([action, refusal]) => ({
    action,
    level: confirmationLevelOf(action, environment?.protection ?? 'production'),
    refusal: refusal?.kind === 'confirmation_missing' ? null : refusal,
  }))
}
