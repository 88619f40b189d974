import { isDeepStrictEqual } from 'node:util'
import { type Failure, LockstepError } from '../../shared/failure/failure.ts'
import type { MigrateObserver } from '../engine/ports/migration-source.ts'
import type { MigrationTransaction } from './finish-transaction.ts'
import type { InspectionReader } from './sql-session.ts'

/** What a migration ends with whose guard was refused. */
export const guardRefusal: Failure = {
  kind: 'cancelled',
  reason: 'what was counted before the first step was refused',
}

/** Asks the guard's questions on the migrating connection, and the observer whether the steps may run. */
export async function askGuard({
  request: { guard = [] },
  session,
  observer,
}: MigrationTransaction & { readonly observer: MigrateObserver }): Promise<'go' | 'rollback'> {
  if (guard.length === 0) return 'go'
  const rows: Record<string, readonly Readonly<Record<string, unknown>>[]> = {}
  for (const { name, sql } of guard) rows[name] = (await session.query(sql)).rows
  return (await observer.guarded?.(rows)) ?? 'rollback'
}

/** Asks the inspection's questions on the migrating connection. */
export async function inspect({
  request: { tenant, guard },
  session,
  inspection,
  signal,
}: MigrationTransaction & {
  readonly inspection: InspectionReader
  readonly signal: AbortSignal
}): Promise<ReturnType<InspectionReader['parse']>> {
  const withFiles = guard !== undefined
  const rows: Record<string, readonly Readonly<Record<string, unknown>>[]> = {}
  try {
    for (const { name, sql, given, otherwise = sql } of inspection.statements(tenant, { withFiles })) {
      const isGiven = given === undefined || isDeepStrictEqual(rows[given.name], given.rows)
      rows[name] = (await session.query(isGiven ? sql : otherwise)).rows
    }
    return inspection.parse(rows, tenant)
  } catch (error) {
    if (!(error instanceof LockstepError) || error.failure.kind !== 'database_error' || signal.aborted)
      throw error
    const problem: Failure = {
      kind: 'inspection_failed',
      tenant: tenant.name,
      problem: 'the result of the migration could not be looked at',
      evidence: [`${error.failure.message} (${error.failure.sqlstate})`],
    }
    throw new LockstepError(problem, { cause: error })
  }
}
