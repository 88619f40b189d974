import type { Tenant } from '../../shared/topology/topology.ts'
import type { Inspection, InspectionStatement } from '../engine/ports/inspection.ts'

/** One session in a tenant's database, straight to the server. Its errors are `LockstepError`s. */
export interface SqlSession {
  readonly backendPid: number
  /** Runs one statement; with values through the extended protocol. */
  query(sql: string, values?: readonly unknown[]): Promise<SqlAnswer>
  end(): Promise<void>
}

/** A statement as a driver sends it: the text, and its values of the types that are told (0: the server infers): a text, or bytes in the server's own form. */
export interface SentStatement {
  readonly text: string
  readonly types?: readonly number[]
  readonly values?: readonly (string | Uint8Array | null)[]
}

/** A session that sends many statements at once, without waiting for each answer. */
export interface PipelinedSession extends SqlSession {
  /**
   * Runs statements one after the other through the extended protocol, each text exactly one statement.
   *
   * `onDone` hears of each as it is done. The first error ends them: what follows is not run.
   */
  send(statements: readonly SentStatement[], onDone: (rowCount: number | null) => void): Promise<void>
}

/** Opens a session that can send many statements at once. */
export type OpenPipelinedSession = (tenant: Tenant, signal: AbortSignal) => Promise<PipelinedSession>

export interface SqlAnswer {
  /** The command tag, or its first word: `PREPARE` and `ROLLBACK` must be told apart. */
  readonly command: string
  readonly rowCount: number | null
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** Opens a session of its own; refusals of the server are thrown as `LockstepError`s. */
export type OpenSqlSession = (tenant: Tenant, signal: AbortSignal) => Promise<SqlSession>

/** What is asked on the migrating connection before the vote; it takes its own locks back. */
export interface InspectionReader {
  statements(tenant: Tenant, wants?: { readonly withFiles?: boolean }): readonly InspectionStatement[]
  parse(
    rowsByName: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>,
    tenant: Tenant,
  ): Omit<Inspection, 'xid' | 'heads'>
}

/** Lends a session and ends it afterwards, whatever happened. */
export async function withSession<T, Session extends SqlSession = SqlSession>(
  open: (tenant: Tenant, signal: AbortSignal) => Promise<Session>,
  tenant: Tenant,
  use: (session: Session) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const session = await open(tenant, signal)
  try {
    return await use(session)
  } finally {
    // A session that died says so again when it is ended; what happened is known by then.
    await session.end().catch(() => undefined)
  }
}
