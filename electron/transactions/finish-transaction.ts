import { type Failure, LockstepError, toFailure } from '../../shared/failure/failure.ts'
import type { MigrateRequest, MigrateResult } from '../engine/ports/migration-source.ts'
import { quoteLiteral } from '../sql/quote-identifier.ts'
import type { SqlSession } from './sql-session.ts'

/** The transaction of one migration, and what was asked for. */
export interface MigrationTransaction {
  readonly request: MigrateRequest
  readonly session: SqlSession
}

/** A procedure or an extension could have committed: then the transaction is another one now. */
export async function proveSameTransaction(
  { session, request }: MigrationTransaction,
  xid: string,
): Promise<void> {
  const { rows } = await session.query('select pg_current_xact_id_if_assigned()::text as xid')
  const now = rows[0]?.xid ?? 'none'
  if (now === xid) return
  throw new LockstepError({
    kind: 'committed_behind_our_back',
    tenant: request.tenant.name,
    detail: `the transaction began as ${xid} and is ${String(now)} before the vote`,
  })
}

/** Prepares or commits as asked; throws only what the server itself refused, and a lost answer is `unknown`. */
export async function finishTransaction(
  transaction: MigrationTransaction,
  xid: string,
): Promise<MigrateResult> {
  const { session, request } = transaction
  const { gid } = request
  // A plain commit under `synchronous_commit = off` could still be lost in a crash, after we noted it as done.
  if (gid === null) {
    await session.query(
      `select set_config('synchronous_commit', 'on', true) where current_setting('synchronous_commit') = 'off'`,
    )
  }
  const [sql, expected] =
    gid === null ? ['commit', 'COMMIT'] : [`prepare transaction ${quoteLiteral(gid)}`, 'PREPARE']
  try {
    const { command } = await session.query(sql)
    if (command.split(' ')[0] === expected) return { status: 'finished', xid }
    // Of a transaction that has failed already the server says ROLLBACK here, and calls it a success.
    return {
      status: 'rolled_back',
      failure: refusal(request, `the server answered ${command} to ${sql.split(' ')[0]}`),
    }
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind === 'database_error') throw error
    return { status: 'unknown', failure, xid }
  }
}

function refusal({ steps, tenant }: MigrateRequest, message: string): Failure {
  return { kind: 'migration_failed', tenant: tenant.name, revision: steps.at(-1)?.revision ?? '', message }
}
