import type { RunEvent } from '../../../shared/run-event.ts'

/** Reads the events of one run and shows them; it never changes a run. */
export interface TerminalReader {
  read(event: RunEvent): void
  /** Takes what moves off the screen, so that somebody else, such as a question, may use it. */
  suspend(): void
  resume(): void
  /** Ends the showing: the final block is written, the terminal is as it was. */
  close(): void
}
