import type { BlockingSession } from '../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { targetTables } from './gate-target-tables.ts'

/** Lists sessions with an open transaction in this database, and the locks that they hold on the tables. */
export async function selectSessions(
  client: DatabaseClient,
  tables: readonly string[],
): Promise<readonly BlockingSession[]> {
  const { rows } = await client.query<BlockingSession>(
    `with ${targetTables}
     select a.pid, coalesce(a.application_name, '') as application, coalesce(a.state, a.backend_type, 'unknown') as state,
       coalesce(extract(epoch from statement_timestamp() - a.xact_start), 0)::float8 as "ageSeconds",
       coalesce(extract(epoch from statement_timestamp() - a.state_change), 0)::float8 as "stateSeconds",
       null::text as gid,
       coalesce(array_agg(distinct held.lock collate "C") filter (where held.lock is not null), '{}') as locks
     from pg_catalog.pg_stat_activity a
     left join lateral (
       select l.relation::regclass::text || ':' || l.mode as lock
       from pg_catalog.pg_locks l join target on target.oid = l.relation
       where l.pid = a.pid and l.locktype = 'relation' and l.granted
         and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
     ) as held on true
     where a.datname = current_database() and a.pid <> pg_backend_pid()
       and coalesce(a.application_name, '') not like 'lockstep%'
       and (a.backend_type = 'client backend'
         or (a.backend_type = 'autovacuum worker' and a.query like '%(to prevent wraparound)%'))
       and (a.xact_start is not null or held.lock is not null)
     group by 1, 2, 3, 4, 5
     order by 4 desc, 1`,
    [tables],
  )
  return rows
}

/**
 * Lists prepared transactions of this database with their locks on the tables. The locks are found through the lock on the
 * transaction itself: the virtual transaction that the documentation joins on is right only after a restart (15 and 18).
 */
export async function selectPreparedHolders(
  client: DatabaseClient,
  tables: readonly string[],
): Promise<readonly BlockingSession[]> {
  const { rows } = await client.query<BlockingSession>(
    `with ${targetTables}
     select 0 as pid, '' as application, 'prepared' as state,
       extract(epoch from statement_timestamp() - p.prepared)::float8 as "ageSeconds",
       extract(epoch from statement_timestamp() - p.prepared)::float8 as "stateSeconds",
       p.gid, coalesce(array_agg(distinct held.lock collate "C") filter (where held.lock is not null), '{}') as locks
     from pg_catalog.pg_prepared_xacts p
     left join lateral (
       select l.relation::regclass::text || ':' || l.mode as lock
       from pg_catalog.pg_locks x
       join pg_catalog.pg_locks l on l.virtualtransaction = x.virtualtransaction and l.pid is null
         and l.locktype = 'relation'
       join target on target.oid = l.relation
       where x.locktype = 'transactionid' and x.transactionid = p.transaction and x.pid is null
         and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
     ) as held on true
     where p.database = current_database()
     group by p.gid, p.prepared
     order by p.prepared, p.gid`,
    [tables],
  )
  return rows
}

/** The role from which other roles' sessions are hidden, so that nothing can be concluded from what it sees; null when it sees them. */
export async function selectBlindRole(client: DatabaseClient): Promise<string | null> {
  const { rows } = await client.query<{ readonly role: string }>(
    // A setting of the login may have made another role of the session: it is that one which lacks the right.
    `select current_user::text as role where exists (select from pg_catalog.pg_stat_activity
       where datname = current_database() and query = '<insufficient privilege>')`,
  )
  return rows[0]?.role ?? null
}
