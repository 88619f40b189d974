import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { SqlStatementFacts } from '../../engine/ports/sql-parser.ts'
import { describeAbort } from '../../lib/throw-if-aborted.ts'

/** What was being done when something was thrown. */
export interface Activity {
  readonly tenant: string
  readonly revision: string
  readonly file?: string
  readonly statement?: SqlStatementFacts
}

const longestStatement = 2000

/** Turns what was thrown while a migration ran into its failure, with the place in the file where there is one. */
export function describeMigrationError(error: unknown, activity: Activity, signal: AbortSignal): Failure {
  const failure = toFailure(error)
  if (failure.kind !== 'database_error') return failure
  // No revision has run: it was our session that found no room.
  if (failure.sqlstate === '53300' && activity.statement === undefined) return failure
  // A statement that is cancelled on purpose says the same as one that ran into its timeout.
  if (failure.sqlstate === '57014' && signal.aborted) return describeAbort(signal)
  const { statement, file } = activity
  return {
    kind: 'migration_failed',
    tenant: activity.tenant,
    revision: activity.revision,
    message: failure.message,
    sqlstate: failure.sqlstate,
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
    ...(failure.constraint === undefined ? {} : { constraint: failure.constraint }),
    ...(file === undefined ? {} : { file }),
    ...(statement === undefined
      ? {}
      : { statement: statement.sql.slice(0, longestStatement), line: statement.line }),
  }
}
