import type { LogFilter, LogMatches, LogPage, LogQuery } from '../../../shared/api/log-line.ts'
import type { RunComparison, RunSummary } from '../../../shared/api/run-view.ts'
import type { LagSeries } from '../../../shared/api/topology-view.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { RunState } from '../../../shared/run/run-state.ts'

/** The past and present of runs, read from their logs, whichever process writes them. Every method throws `run_unknown` or `log_damaged`. */
export interface RunHistory {
  /** Newest first, those of every folder and the imported ones. */
  list(): Promise<readonly RunSummary[]>
  /** The id, its unambiguous beginning, or `last`. */
  read(
    given: string,
  ): Promise<{ readonly summary: RunSummary; readonly state: RunState; readonly lag: readonly LagSeries[] }>
  /** Events after a sequence number in batches: at most 60 a second and 64 kB each; ends when the signal comes. */
  follow(runId: string, afterSeq: number, signal: AbortSignal): AsyncIterable<readonly RunEvent[]>
  compare(left: string, right: string): Promise<RunComparison>
  /** Keeps a log from elsewhere, proven line by line, to be read only; throws `file_unreadable`. */
  importLog(name: string, text: string): Promise<string>
  report(runId: string): Promise<string>
  range(runId: string, filter: LogFilter, from: number, count: number): Promise<LogPage>
  search(runId: string, filter: LogFilter, query: LogQuery): Promise<LogMatches>
  firstFailure(
    runId: string,
    filter: LogFilter,
  ): Promise<{ readonly position: number | null; readonly line: number | null }>
  download(runId: string, kind: 'jsonl' | 'text'): Promise<{ readonly name: string; readonly text: string }>
  /** Lets go of what is kept in memory. */
  close(): void
}
