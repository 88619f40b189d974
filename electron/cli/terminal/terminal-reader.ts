import type { RunEvent } from '../../../shared/run/run-event.ts'

/** Reads the events of one run and shows them; it never changes a run. */
export interface TerminalReader {
  /** Takes in what happened before, without a word about it: a recovery goes on with an old run. */
  prime(past: readonly RunEvent[]): void
  read(event: RunEvent): void
  /** Takes what moves off the screen, so that something else, such as a question, may use it. */
  suspend(): void
  resume(): void
  /** Ends the showing: the final block is written, the terminal is as it was. */
  close(): void
}
