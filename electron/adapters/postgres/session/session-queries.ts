import type { DatabaseClient } from './database-client.ts'

/** Puts settings in force, those that the version lacks left out, and says where the session really is. */
export async function prepareSession(
  client: DatabaseClient,
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly pid: number; readonly database: string }> {
  const { rows } = await client.query<{ pid: number; database: string }>(
    `select pg_backend_pid() as pid, current_database()::text as database, count(set_config(name, value, false))
     from unnest($1::text[], $2::text[]) as wanted(name, value)
     where current_setting(name, true) is not null`,
    [Object.keys(settings), Object.values(settings)],
  )
  const [row] = rows
  if (row === undefined) throw new Error('the session answered nothing')
  return row
}

/** Asks another backend to stop its statement. */
export async function cancelBackend(client: DatabaseClient, pid: number): Promise<void> {
  await client.query('select pg_cancel_backend($1)', [pid])
}

/** What another backend does now, such as `active` or `idle`; null when it is gone. */
export async function readBackendState(client: DatabaseClient, pid: number): Promise<string | null> {
  const { rows } = await client.query<{ state: string | null }>(
    'select state from pg_stat_activity where pid = $1',
    [pid],
  )
  return rows[0] === undefined ? null : (rows[0].state ?? 'unknown')
}

/** Ends the backends of one's own role that bear an application's name. */
export async function endBackendsNamed(client: DatabaseClient, applicationName: string): Promise<void> {
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1 and usename = session_user',
    [applicationName],
  )
}
