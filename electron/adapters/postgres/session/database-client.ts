import type { PipelinedStatement } from './pipeline.ts'

/** What a session is for, and its limits; settings are in force before the session is lent. */
export interface ClientOptions {
  /** Seen in `pg_stat_activity`; at most 63 bytes are kept by the server. */
  readonly applicationName: string
  /** 0, the default, means none: also when the role or the database sets one. */
  readonly statementTimeoutMs?: number
  readonly lockTimeoutMs?: number
  /** How long an answer may take before the connection is given up as lost; see `answerLimitOf` for the default. */
  readonly answerTimeoutMs?: number
  readonly connectTimeoutMs?: number
  /** Goes before others that wait for a connection: somebody's locks depend on it. */
  readonly isUrgent?: boolean
  /** One of those that are needed for each tenant at the same time, which no number of places could bound. */
  readonly isUncounted?: boolean
  /** Further settings, such as `default_transaction_read_only`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** The settings of a new session are answered at once by a server that can be reached. */
export const firstAnswerMs = 20_000

/**
 * How long an answer may take; null is for ever.
 *
 * A server ends a statement at its timeout, but a network that swallows everything swallows that word too. So a caller that sets a timeout
 * waits for twice as long, and for a slow way, and then takes the connection for lost.
 */
export function answerLimitOf({ answerTimeoutMs, statementTimeoutMs = 0 }: ClientOptions): number | null {
  return answerTimeoutMs ?? (statementTimeoutMs > 0 ? 2 * statementTimeoutMs + firstAnswerMs : null)
}

export interface QueryAnswer<Row> {
  readonly rows: readonly Row[]
  readonly columns: readonly string[]
  /** First word of the command tag. */
  readonly command: string
  readonly rowCount: number | null
}

/** One session, straight to the server. Errors are `LockstepError`s; `sqlStateOf` finds their SQLSTATE. */
export interface DatabaseClient {
  readonly backendPid: number
  /** False once the connection is gone. */
  isAlive(): boolean
  /** Runs one statement; without values several in one string are allowed, and the last one's answer is given. */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<QueryAnswer<Row>>
}

/** A session that sends many statements at once. */
export interface PipelinedClient extends OpenedClient {
  /** Runs statements in order through the extended protocol; the first error ends them, and is thrown. */
  send(statements: readonly PipelinedStatement[], onDone: (rowCount: number | null) => void): Promise<void>
}

/** A session that its opener must close. */
export interface OpenedClient extends DatabaseClient {
  /** Ends the session; safe to call twice. */
  close(): Promise<void>
}
