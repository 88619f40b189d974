import type { Failure } from '../../../shared/failure/failure.ts'
import {
  type Action,
  type Confirmation,
  confirmationLevelOf,
  isConfirmed,
} from '../../../shared/plan/confirmation-level.ts'
import type { Environment } from '../../../shared/plan/environment.ts'

/** Why an action waits for a person to confirm it in this environment; null where it needs nothing more than what was confirmed. */
export function refuseUnconfirmed(
  action: Action,
  { name, protection }: Environment,
  confirmation: Confirmation | null,
): Failure | null {
  const level = confirmationLevelOf(action, protection)
  if (level < 2 || isConfirmed(level, name, confirmation)) return null
  return { kind: 'confirmation_missing', action, level: level === 3 ? 3 : 2, environment: name }
}
