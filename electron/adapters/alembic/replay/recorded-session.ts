import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { restoreSettings } from '../../../transactions/session-state.ts'
import type { SqlSession } from '../../../transactions/sql-session.ts'
import type { RecordedStart } from './recording.ts'

/**
 * The session of a migration, as far as it can change what a statement means.
 *
 * Left out is what belongs to the connection itself. Roles are no settings that `pg_settings` shows.
 */
export const recordedSessionSql = `select pg_catalog.current_setting('role') as role, session_user::text as login,
  current_user::text as acting, pg_catalog.current_schemas(true)::text as path,
  (select coalesce(pg_catalog.json_object_agg(name, setting order by name), '{}')::text from pg_catalog.pg_settings
    where source in ('session', 'client') and name not in ('application_name', 'client_encoding')) as settings,
  (select pg_catalog.md5(pg_catalog.string_agg(name || '=' || coalesce(setting, ''), ',' order by name))
    from pg_catalog.pg_settings
    where name not in ('application_name') and name not like 'tcp\\_%') as digest`

/** Makes a transaction what the recorded one was before its first revision. */
export async function becomeRecorded(session: SqlSession, start: RecordedStart): Promise<void> {
  await restoreSettings(session, start.settings)
  if (start.role !== 'none') await session.query(`set local role ${quoteIdentifier(start.role)}`)
}

/** What still differs from the recorded session, in a word or two; null when nothing does. */
export async function findDifference(session: SqlSession, start: RecordedStart): Promise<string | null> {
  const { rows } = await session.query(
    `${recordedSessionSql}, pg_catalog.to_regclass($1) is not null as "hasVersionTable"`,
    [start.versionTable],
  )
  const [found] = rows
  if (found?.login !== start.login) return 'the login is another'
  if (found.role !== start.role || found.acting !== start.acting) return 'the role is another'
  if (found.path !== start.path) return 'the search path is another'
  if (found.digest !== start.digest) return 'its settings are others'
  return found.hasVersionTable === start.hasVersionTable
    ? null
    : 'it has no version table, or others have none'
}
