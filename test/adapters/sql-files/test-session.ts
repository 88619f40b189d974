import pg from 'pg'
import type { OpenSqlSession, SqlSession } from '../../../electron/transactions/sql-session.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { TestSandbox } from '../../support/with-sandbox.ts'

/** Sessions on `pg` directly, as the host will make them on the postgres adapter. */
export function openOn(sandbox: TestSandbox, user?: string): OpenSqlSession {
  return async tenant => {
    const client = await sandbox.connect(tenant.database, sandbox.primary, user)
    const [row] = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows
    const session: SqlSession = {
      backendPid: row?.pid ?? 0,
      query: async (sql, values) => {
        try {
          const { command, rowCount, rows } = await client.query<Record<string, unknown>>(
            sql,
            values && [...values],
          )
          return { command: command ?? '', rowCount, rows }
        } catch (error) {
          throw mapError(error)
        }
      },
      end: () => client.end(),
    }
    return session
  }
}

function mapError(error: unknown): LockstepError {
  if (!(error instanceof pg.DatabaseError) || error.code?.startsWith('57P')) {
    return new LockstepError(
      { kind: 'connection_lost', server: 'primary', during: 'a test' },
      { cause: error },
    )
  }
  return new LockstepError(
    {
      kind: 'database_error',
      sqlstate: error.code ?? '',
      message: error.message,
      ...(error.detail === undefined ? {} : { detail: error.detail }),
      ...(error.constraint === undefined ? {} : { constraint: error.constraint }),
    },
    { cause: error },
  )
}
