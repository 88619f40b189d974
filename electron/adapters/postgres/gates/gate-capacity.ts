import type { UsedConnectionLimit } from '../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { otherSessions, reservedConnections } from '../session/room-queries.ts'

/** What a server says about its room; the disk is not to be seen in SQL. */
export interface CapacityRow {
  readonly maxConnections: number
  readonly reservedConnections: number
  readonly usedConnections: number
  readonly maxPreparedTransactions: number
  readonly usedPreparedTransactions: number
  readonly maxLocksPerTransaction: number
  readonly connectionLimits: readonly UsedConnectionLimit[]
  /** Null when the login may not see it. */
  readonly dataDirectory: string | null
  /** Seconds since 1970, to recognise the server's own folder. */
  readonly startedAt: number
}

/** Reads limits and use; sessions of our own do not count, the plan counts those. */
export async function selectCapacity(client: DatabaseClient): Promise<CapacityRow> {
  const { rows } = await client.query<CapacityRow>(
    `with others as (${otherSessions})
     select current_setting('max_connections')::int as "maxConnections",
       ${reservedConnections} as "reservedConnections",
       (select count(*)::int from others) as "usedConnections",
       current_setting('max_prepared_transactions')::int as "maxPreparedTransactions",
       (select count(*)::int from pg_catalog.pg_prepared_xacts) as "usedPreparedTransactions",
       current_setting('max_locks_per_transaction')::int as "maxLocksPerTransaction",
       (select coalesce(json_agg(limits order by "of" desc, name), '[]') from (
          select 'role' as "of", rolname::text as name, rolconnlimit as "limit",
            (select count(*)::int from others where usesysid = roles.oid) as used
          from pg_catalog.pg_roles roles
          where rolname = session_user and rolconnlimit >= 0 and not rolsuper
          union all
          select 'database', datname::text, datconnlimit,
            (select count(*)::int from others where datid = databases.oid)
          from pg_catalog.pg_database databases
          where datconnlimit >= 0
            and not (select rolsuper from pg_catalog.pg_roles where rolname = session_user)
        ) limits) as "connectionLimits",
       (select setting from pg_catalog.pg_settings where name = 'data_directory') as "dataDirectory",
       extract(epoch from pg_postmaster_start_time())::float8 as "startedAt"`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('the server said nothing about its room')
  return row
}
