import { guardRowsSql } from '../sql/guard-rows.ts'
import type { SqlSession } from './sql-session.ts'

/** What a migration's session has set for itself, by name. */
export type SessionSettings = string

/** Sets what a migration is held to, for the transaction or for the whole session; true where policies may hide rows from it. */
export async function setLimits(
  session: SqlSession,
  limits: { readonly lockTimeoutMs: number; readonly statementTimeoutMs: number },
  scope: 'transaction' | 'session',
): Promise<boolean> {
  await session.query(`select set_config('lock_timeout', $1, $3), set_config('statement_timeout', $2, $3)`, [
    `${limits.lockTimeoutMs}ms`,
    `${limits.statementTimeoutMs}ms`,
    scope === 'transaction',
  ])
  return (await session.query(guardRowsSql(scope))).rows.length > 0
}

/** Remembers the settings, before the first file can change any. */
export async function readSessionSettings(session: SqlSession): Promise<SessionSettings> {
  const { rows } = await session.query(
    `select coalesce(json_object_agg(name, setting), '{}')::text as settings from pg_settings where source = 'session'`,
  )
  return String(rows[0]?.settings)
}

/**
 * Gives the next file the session that the first one had.
 *
 * Files that pg_dump wrote begin with `set search_path = ''` and the like, for the whole session. Without this a file
 * would mean something else after them than in a run of its own, and our own limits could be gone.
 */
export async function restoreSettings(session: SqlSession, settings: SessionSettings): Promise<void> {
  await session.query('reset session authorization')
  // A file that says `set role` would prepare the transaction as that role, and ours could not finish it.
  await session.query('reset role')
  await session.query(
    `select pg_catalog.set_config(now.name, coalesce(before.value, now.reset_val), true)
     from pg_catalog.pg_settings now
     left join pg_catalog.json_each_text($1::json) before on before.key = now.name
     where (now.source = 'session' or before.key is not null)
       and now.setting is distinct from coalesce(before.value, now.reset_val)`,
    [settings],
  )
}

/**
 * Runs the deferred checks that are due, and leaves the constraints as deferred as they were declared.
 *
 * Without it the next file could not alter a table with pending checks (55006). `set constraints all immediate` would
 * do that too, but also hold for constraints that the next file makes, which it would not in a run of its own.
 */
export async function runDeferredChecks(session: SqlSession): Promise<void> {
  const { rows } = await session.query(
    `select pg_catalog.format('%I.%I', n.nspname, c.conname) as name, pg_catalog.bool_and(c.condeferred) as deferred
     from pg_catalog.pg_constraint c join pg_catalog.pg_namespace n on n.oid = c.connamespace
     where n.nspname !~ '^pg_' and pg_catalog.has_schema_privilege(n.oid, 'usage')
     group by n.nspname, c.conname having pg_catalog.bool_and(c.condeferrable) order by 1`,
  )
  if (rows.length === 0) return
  await session.query(`set constraints ${rows.map(row => String(row.name)).join(', ')} immediate`)
  const deferred = rows.filter(row => row.deferred === true).map(row => String(row.name))
  if (deferred.length > 0) await session.query(`set constraints ${deferred.join(', ')} deferred`)
}
