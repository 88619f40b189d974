import type { Failure } from '../../../shared/failure/failure.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'
import { outcomeBeforeExecution, outcomeOfInterruption } from './decide-outcome.ts'
import type { Interruption } from './interruption.ts'

/** How a run ended. */
export interface RunEnd {
  readonly runId: string
  readonly outcome: Outcome
  readonly exitCode: number
  readonly failure: Failure | null
}

/** What the story of a run ends with. */
export type Ending = Pick<RunEnd, 'outcome' | 'failure'>

/** How a run ends that has changed nothing. */
export function endBefore(failure: Failure, interruption: Interruption): Ending {
  const name = interruption.signal.aborted ? interruption.name() : null
  if (name) return { outcome: outcomeOfInterruption(name), failure }
  return { outcome: outcomeBeforeExecution(failure), failure }
}
