import type { Outcome } from '../../../shared/run/outcome.ts'
import type { RunEvent, RunFact } from '../../../shared/run/run-event.ts'

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
  /**
   * Opens an unfinished log for appending; sets a torn last line aside and says so in the log. With `setAside` it does the
   * same with everything from the first line on that cannot be believed; otherwise that is refused.
   */
  reopen(runId: string, options?: { readonly setAside?: boolean }): Promise<RunLogWriter>
  /** Newest first. */
  list(): Promise<readonly StoredRun[]>
  /** Every event of a run; throws `run_unknown`, `log_unreadable` or `log_damaged`. */
  read(runId: string): Promise<readonly RunEvent[]>
  /** Every event before the first line that cannot be believed, and what is wrong with that one; throws `run_unknown` or `log_unreadable`. */
  readIntact(runId: string): Promise<IntactLog>
  /** The past from a sequence number on, then the present until the run ends or the signal comes. */
  follow(runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<RunEvent>
  /** Stores a document beside the log, such as report.json, all of it or none. */
  writeDocument(runId: string, name: string, text: string): Promise<void>
}

/** What of a log is proven to be as it was written. */
export interface IntactLog {
  readonly events: readonly RunEvent[]
  /** Null where all of it is. */
  readonly damage: string | null
  readonly lost?: LostLog
}

/** Why nothing of a log is known: its file cannot be read here, or holds no event any more. */
export type LostLog = 'unreadable' | 'emptied'

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
  /** Why there is nothing in it to settle here: it never had a first line, or a newer Lockstep wrote it. */
  readonly unreadable?: 'empty' | 'newer'
  /** Where it does not tell what the run did; `damage` says why. */
  readonly lost?: LostLog
}
