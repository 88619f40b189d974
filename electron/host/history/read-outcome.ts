import type { Outcome } from '../../../shared/run/outcome.ts'

/** Every outcome once; the compiler refuses a missing or a foreign one. */
const known: Readonly<Record<Outcome, true>> = {
  migrated: true,
  nothing_to_do: true,
  tool_failed: true,
  config_invalid: true,
  stopped_by_gate: true,
  approval_refused: true,
  rolled_back: true,
  needs_human: true,
  locked: true,
  interrupted: true,
  terminated: true,
  hung_up: true,
}

/** The outcome that a stored word names; null where it names none. */
export function readOutcome(text: string | null): Outcome | null {
  return text !== null && isOutcome(text) ? text : null
}

function isOutcome(text: string): text is Outcome {
  return Object.hasOwn(known, text)
}
