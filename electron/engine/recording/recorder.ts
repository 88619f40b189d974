import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import { redactFact } from './redact-fact.ts'

/** Told about each event after it is stored; one that throws is left out from then on, never the run. */
export type EventReader = (event: RunEvent) => void

/** The one way in which a fact enters a run: appended first, published second. */
export class Recorder {
  readonly #log: RunLogWriter
  readonly #readers: Set<EventReader>

  constructor(log: RunLogWriter, readers: readonly EventReader[]) {
    this.#log = log
    this.#readers = new Set(readers)
  }

  get runId(): string {
    return this.#log.runId
  }

  /** Appends a fact and publishes the stored event; throws `log_unwritable`, in which case it was not published. */
  async record(fact: RunFact): Promise<void> {
    this.#publish(await this.#log.append(redactFact(fact)))
  }

  /** Like `record`, but the event and all before it are on disk when it returns: for what comes before an irreversible step. */
  async recordDurably(fact: RunFact): Promise<void> {
    this.#publish(await this.#log.append(redactFact(fact), { durable: true }))
  }

  /** Records where nothing may stop the work any more: while undoing, and after a decision. False when the log is broken. */
  async tryRecord(fact: RunFact): Promise<boolean> {
    try {
      await this.record(fact)
      return true
    } catch {
      return false
    }
  }

  #publish(event: RunEvent): void {
    for (const reader of this.#readers) {
      try {
        reader(event)
      } catch {
        this.#readers.delete(reader)
      }
    }
  }
}
