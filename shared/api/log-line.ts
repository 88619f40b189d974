import type { LogLevel, LogSource } from '../run/event-spec.ts'
import type { PhaseName } from '../run/phase.ts'

/** One line of a run's log: line `n` is the event with sequence number `n`. */
export interface LogLine {
  readonly line: number
  readonly at: string
  readonly level: LogLevel
  readonly source: LogSource
  /** The phase that emitted it. */
  readonly phase: PhaseName | null
  readonly group: string | null
  readonly tenant: string | null
  readonly gate: string | null
  /** 1 for a tenant's first attempt; null where there is none. */
  readonly attempt: number | null
  /** The type of the event. */
  readonly type: string
  readonly text: string
}

/** Which lines are wanted; an empty filter means all. */
export interface LogFilter {
  readonly tenant?: string
  readonly phase?: PhaseName
  readonly gate?: string
  readonly source?: LogSource
  readonly attempt?: number
  /** Warnings and errors, with this many lines before and after each. */
  readonly problemsWith?: number
}

export interface LogQuery {
  readonly text: string
  readonly matchCase: boolean
  readonly wholeWord: boolean
  readonly isRegex: boolean
}

/** A window of a log. `from` counts lines that pass the filter, from 0. */
export interface LogPage {
  readonly lines: readonly LogLine[]
  readonly from: number
  /** Lines that pass the filter. */
  readonly total: number
  /** Lines of the whole log. */
  readonly all: number
}

/** What a search found over all lines. */
export interface LogMatches {
  readonly total: number
  /** Positions under the filter, ascending; at most 10,000 of them. */
  readonly positions: readonly number[]
  /** Why the pattern cannot be used; null when it can. */
  readonly problem: string | null
}
