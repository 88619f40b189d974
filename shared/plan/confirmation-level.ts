import type { Protection } from './environment.ts'

/** How much is asked of a person before something happens: 0 nothing, 1 a button that says what, 2 a dialog, 3 a dialog and the environment's name, typed. */
export type ConfirmationLevel = 0 | 1 | 2 | 3

/** What a person can do that has a consequence. */
export type Action = 'approve' | 'reject' | 'apply' | 'pause' | 'resume' | 'abort' | 'recover' | 'roll_back'

/** What a person has confirmed; `named` is for level 3, `acknowledged` for level 2. */
export type Confirmation =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'named'; readonly environment: string; readonly reason: string }

const levels: Readonly<Record<Action, Readonly<Record<Protection, ConfirmationLevel>>>> = {
  approve: { local: 1, shared: 1, production: 2 },
  reject: { local: 1, shared: 1, production: 1 },
  apply: { local: 1, shared: 2, production: 3 },
  pause: { local: 1, shared: 2, production: 2 },
  resume: { local: 1, shared: 2, production: 2 },
  abort: { local: 2, shared: 2, production: 2 },
  recover: { local: 1, shared: 1, production: 2 },
  roll_back: { local: 2, shared: 2, production: 3 },
}

/** How much an action asks for in such a place; the engine demands it, a screen only asks for it. */
export function confirmationLevelOf(action: Action, protection: Protection): ConfirmationLevel {
  return levels[action][protection]
}

/** Says whether what was confirmed is enough for a level. */
export function isConfirmed(
  level: ConfirmationLevel,
  environment: string,
  confirmation: Confirmation | null,
): boolean {
  if (level < 2) return true
  if (level === 2) return confirmation !== null
  return (
    confirmation?.kind === 'named' &&
    confirmation.environment === environment &&
    confirmation.reason.trim().length >= 3
  )
}
