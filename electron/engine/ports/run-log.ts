import type { Outcome } from '../../../shared/outcome.ts'
import type { RunEvent, RunFact } from '../../../shared/run-event.ts'

/** The truth about one run: append-only, hash-chained. */
export interface RunLogWriter {
  readonly runId: string
  /** Appends and returns the stored event; `durable` waits until it is on disk. Throws `log_unwritable`. */
  append(fact: RunFact, options?: { readonly durable?: boolean }): Promise<RunEvent>
  /** Makes everything appended so far durable, then lets go of the file. */
  close(): Promise<void>
}

/** Where runs are kept. */
export interface RunStore {
  /** Starts a log under a new id. */
  create(runId: string): Promise<RunLogWriter>
  /** Opens an unfinished log for appending; repairs a torn last line and says so in the log. */
  reopen(runId: string): Promise<RunLogWriter>
  /** Newest first. */
  list(): Promise<readonly StoredRun[]>
  /** Every event of a run; throws `run_unknown` or `log_damaged`. */
  read(runId: string): Promise<readonly RunEvent[]>
  /** The past from a sequence number on, then the present until the run ends or the signal comes. */
  follow(runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<RunEvent>
  /** Stores a document beside the log, such as report.json, all of it or none. */
  writeDocument(runId: string, name: string, text: string): Promise<void>
}

export interface StoredRun {
  readonly runId: string
  readonly project: string | null
  readonly startedAt: string | null
  /** Null while the run has no end in its log. */
  readonly outcome: Outcome | null
  readonly exitCode: number | null
  /** True while the process that writes the log is alive. */
  readonly alive: boolean
  /** Of a rollback: the run that it undoes. */
  readonly undoes?: string
  /** Why the log cannot be read, in words; null when it can. A log that ends soundly is proven only when it is read. */
  readonly damage: string | null
}
