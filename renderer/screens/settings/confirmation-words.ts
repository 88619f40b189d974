import {
  type Action,
  type ConfirmationLevel,
  confirmationLevelOf,
} from '../../../shared/plan/confirmation-level.ts'
import type { Environment } from '../../../shared/plan/environment.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'

/** What a person is asked for before an action, in one place. */
export interface AskedFor {
  readonly action: Action
  readonly title: string
  readonly level: ConfirmationLevel
  readonly asks: string
}

const titles: Readonly<Record<Action, string>> = {
  approve: 'Approve a plan',
  reject: 'Reject a plan',
  apply: 'Apply a plan',
  pause: 'Pause a run',
  resume: 'Resume a run',
  abort: 'Abort a run',
  recover: 'Recover a run',
  roll_back: 'Roll a run back',
}

const actions: readonly Action[] = [
  'approve',
  'reject',
  'apply',
  'pause',
  'resume',
  'abort',
  'recover',
  'roll_back',
]

/** What every action asks for in this environment; the engine demands the same. */
export function listAskedFor({ name, protection }: Environment): readonly AskedFor[] {
  return actions.map(action => {
    const level = confirmationLevelOf(action, protection)
    return { action, title: titles[action], level, asks: sayLevel(level, name) }
  })
}

/** What a confirmation level asks for, in words. */
export function sayLevel(level: ConfirmationLevel, environment: string): string {
  switch (level) {
    case 0:
      return 'nothing'
    case 1:
      return 'a press of a button that says what, and to how many'
    case 2:
      return 'a dialog that says what, where, to how many and whether it can be undone'
    case 3:
      return `a dialog in which ${environment} is typed exactly, and a reason`
    default:
      return assertNever(level)
  }
}

/** Why an environment is protected as it is, and what that means. */
export function sayProtection({ protection, why }: Environment): string {
  const meaning = {
    local: 'a mistake harms no one else',
    shared: 'others work with it',
    production: 'a mistake harms those who depend on it',
  }[protection]
  return `${protection}: ${meaning} (${why})`
}
