import type { InterruptionSignal } from '../../../shared/run/run-intent.ts'
import type { RunControl } from './run-control.ts'

/** Which signal interrupted, when one did; set by the code that aborts. */
export interface Interruption {
  readonly signal: AbortSignal
  readonly name: () => InterruptionSignal | null
  /** How a person holds the run; absent where that is not possible. */
  readonly control?: RunControl
}
