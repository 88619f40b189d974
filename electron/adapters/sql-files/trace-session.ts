import type { TraceQuery, TraceRows } from '../../engine/ports/lock-trace.ts'
import type { SqlSession } from '../../transactions/sql-session.ts'

/**
 * Asks the migrating session about itself, inside its transaction.
 *
 * The savepoint gives back the locks on catalogs, and the settings: a file may have set a search path or limits that
 * these questions must neither obey nor change.
 */
export async function traceInside(session: SqlSession, queries: readonly TraceQuery[]): Promise<TraceRows> {
  await session.query('savepoint lockstep_trace')
  const rows = await ask(session, queries)
  await session.query('rollback to savepoint lockstep_trace')
  await session.query('release savepoint lockstep_trace')
  return rows
}

/** The same between statements that are committed one by one. */
export async function traceOutside(session: SqlSession, queries: readonly TraceQuery[]): Promise<TraceRows> {
  await session.query('begin isolation level read committed read write')
  const rows = await ask(session, queries)
  await session.query('rollback')
  return rows
}

/** The queries of every look but the first. */
export function repeatedQueries(queries: readonly TraceQuery[]): readonly TraceQuery[] {
  return queries.filter(query => query.once !== true)
}

async function ask(session: SqlSession, queries: readonly TraceQuery[]): Promise<TraceRows> {
  await session.query(
    `select pg_catalog.set_config('search_path', '', true), pg_catalog.set_config('statement_timeout', '0', true),
            pg_catalog.set_config('lock_timeout', '0', true)`,
  )
  const rows: Record<string, TraceRows[string]> = {}
  for (const { name, sql } of queries) rows[name] = (await session.query(sql)).rows
  return rows
}
