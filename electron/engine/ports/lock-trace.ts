import type { TracedStatement } from '../../../shared/analysis/rehearsal.ts'

/** What one statement did, as far as the database shows it. */
export type StatementTrace = Pick<TracedStatement, 'locks' | 'rewrites' | 'scans' | 'invalid' | 'shared'>

/** A query that the migrating session runs by itself, because no other session sees its uncommitted catalog. */
export interface TraceQuery {
  readonly name: string
  readonly sql: string
  /** True for one that is run before the first statement only. */
  readonly once?: boolean
}

/** Turns what the migrating session sees after each statement into what that statement did. */
export interface LockTracer {
  /** Run in the migrating session before the first and after each statement; they take no lock on user tables. */
  readonly queries: readonly TraceQuery[]
  /** Starts with what was there before the first statement. */
  start(rows: TraceRows): StatementTracer
  /** Lends a watcher that looks at one session from others: statements outside a transaction let go of their locks when they end. */
  withWatch<T>(
    place: { readonly server: string; readonly database: string },
    use: (watch: LockWatch) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>
}

export type TraceRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

/** The trace of one migration; called for each statement, in order. */
export interface StatementTracer {
  /**
   * What a statement did: from right before it to right after it.
   *
   * Without `before` it counts from after the statement before. `watched` are the locks of one that ran outside a
   * transaction, as a watch saw them.
   */
  next(after: TraceRows, before?: TraceRows, watched?: TraceRows): StatementTrace
}

/** Watches one session while it runs a statement outside a transaction. */
export interface LockWatch {
  /** To be called right before the statement: holds it up for an instant at its locks, and looks at them then. */
  begin(statement: { readonly backendPid: number; readonly sql: string }): Promise<void>
  /** To be called right after it: the locks that it was seen with. */
  end(): Promise<TraceRows>
}
