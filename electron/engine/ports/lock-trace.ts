import type { TracedStatement } from '../../../shared/foresight/rehearsal.ts'

/** What one statement did, as far as the database shows it. */
export type StatementTrace = Pick<TracedStatement, 'locks' | 'rewrites' | 'scans' | 'invalid'>

/** A query that the migrating session runs by itself, because nobody else sees its uncommitted catalog. */
export interface TraceQuery {
  readonly name: string
  readonly sql: string
}

/** Turns what the migrating session sees after each statement into what that statement did. */
export interface LockTracer {
  /** Run in the migrating session before the first and after each statement; they take no lock on user tables. */
  readonly queries: readonly TraceQuery[]
  /** Starts with what was there before the first statement. */
  start(rows: TraceRows): StatementTracer
}

export type TraceRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

export interface StatementTracer {
  /** What has changed since the call before. */
  next(rows: TraceRows): StatementTrace
}
