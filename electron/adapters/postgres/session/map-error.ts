import { DatabaseError } from 'pg'
import { type Failure, LockstepError } from '../../../../shared/failure/failure.ts'
import type { ServerSettings } from './server-settings.ts'

/** Where an error happened, for the failure that is made from it. */
export interface ErrorPlace {
  readonly settings: ServerSettings
  readonly database: string
  readonly during: string
}

/** The address of a server as it is shown to people. */
export function describeEndpoint(settings: ServerSettings): string {
  return settings.shownEndpoint ?? `${settings.host}:${settings.port}`
}

/** The SQLSTATE behind anything caught from this adapter; null when no server said one. */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof DatabaseError) return error.code ?? null
  if (error instanceof LockstepError) {
    if (error.failure.kind === 'database_error') return error.failure.sqlstate
    return sqlStateOf(error.cause)
  }
  return null
}

/** Turns an error of an attempt to connect into a failure. */
export function mapConnectError(error: unknown, place: ErrorPlace): LockstepError {
  return wrap(error, describeConnectError(error, place))
}

/** Turns an error of a statement on an open connection into a failure. */
export function mapQueryError(error: unknown, place: ErrorPlace): LockstepError {
  return wrap(error, describeQueryError(error, place))
}

function wrap(error: unknown, failure: Failure): LockstepError {
  if (error instanceof LockstepError) return error
  return new LockstepError(failure, { cause: error })
}

function describeConnectError(error: unknown, { settings, database }: ErrorPlace): Failure {
  const unreachable = (code: string): Failure => ({
    kind: 'server_unreachable',
    server: settings.name,
    endpoint: describeEndpoint(settings),
    code,
  })
  if (error instanceof DatabaseError) {
    const code = error.code ?? ''
    if (code.startsWith('28')) {
      return { kind: 'authentication_failed', server: settings.name, user: settings.user }
    }
    if (code === '3D000') return { kind: 'database_missing', server: settings.name, database }
    if (code.startsWith('57P')) return unreachable(code)
    return describeServerError(error, settings, database)
  }
  const message = error instanceof Error ? error.message : String(error)
  // node-postgres says this when the server asks for a password and there is none.
  if (message.startsWith('SASL:')) {
    return { kind: 'authentication_failed', server: settings.name, user: settings.user }
  }
  if (message.includes('does not support SSL')) return unreachable('TLS_NOT_SUPPORTED')
  if (message.includes('timeout expired')) return unreachable('ETIMEDOUT')
  return unreachable(codeOf(error) ?? 'ECONNRESET')
}

function describeQueryError(error: unknown, { settings, database, during }: ErrorPlace): Failure {
  if (error instanceof DatabaseError) {
    const code = error.code ?? ''
    const isLost = code === '57P01' || code === '57P02' || code === '57P03' || code.startsWith('08')
    if (!isLost) return describeServerError(error, settings, database)
  } else if (!isSocketError(error)) {
    return { kind: 'internal', message: error instanceof Error ? error.message : String(error) }
  }
  return { kind: 'connection_lost', server: settings.name, during }
}

function describeServerError(error: DatabaseError, settings: ServerSettings, database: string): Failure {
  return {
    kind: 'database_error',
    sqlstate: error.code ?? '',
    message: error.message,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.constraint === undefined ? {} : { constraint: error.constraint }),
    server: settings.name,
    database,
  }
}

function isSocketError(error: unknown): boolean {
  if (codeOf(error) !== null) return true
  return error instanceof Error && /terminated|not queryable|was closed/.test(error.message)
}

function codeOf(error: unknown): string | null {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return null
}
