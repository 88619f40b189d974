import type { Client } from 'pg'

/** Sessions of others: those of our own are counted where they are opened. */
export const otherSessions = `select datid, usesysid from pg_catalog.pg_stat_activity
         where coalesce(backend_type, 'client backend') = 'client backend'
           and coalesce(application_name, '') not like 'lockstep%'`

/** What a server keeps for superusers and those it names. */
export const reservedConnections = `current_setting('superuser_reserved_connections')::int
         + coalesce(current_setting('reserved_connections', true)::int, 0)`

/** How many connections a server, and the limit of one's role, leave for us, so many spared for others. */
export async function selectRoom(client: Client, spare: number): Promise<number> {
  const { rows } = await client.query<{ room: number }>(
    `with others as (${otherSessions})
     select least(
       current_setting('max_connections')::int - (${reservedConnections})
         - (select count(*) from others) - $1,
       (select rolconnlimit - (select count(*) from others where usesysid = roles.oid)
        from pg_catalog.pg_roles roles
        where rolname = session_user and rolconnlimit >= 0 and not rolsuper))::int as room`,
    [spare],
  )
  return rows[0]?.room ?? Number.POSITIVE_INFINITY
}
