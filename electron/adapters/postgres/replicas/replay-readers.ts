import type { StandbyReader } from '../../../engine/ports/replay-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** How replay treats a query in its way, and in which databases a session holds a relation at all. */
export async function selectReplaySettings(client: DatabaseClient): Promise<{
  readonly maxDelayMs: number
  readonly hotStandbyFeedback: boolean
  readonly databases: readonly string[]
}> {
  const { rows } = await client.query<{
    readonly maxDelayMs: number
    readonly hotStandbyFeedback: boolean
    readonly databases: readonly string[]
  }>(
    `select (select setting::int from pg_catalog.pg_settings where name = 'max_standby_streaming_delay') as "maxDelayMs",
       current_setting('hot_standby_feedback')::boolean as "hotStandbyFeedback",
       array(select distinct d.datname::text from pg_catalog.pg_locks l
         join pg_catalog.pg_database d on d.oid = l.database
         where l.locktype = 'relation' and l.granted and l.pid is not null and l.pid <> pg_backend_pid()
         order by 1) as databases`,
  )
  const [row] = rows
  if (row === undefined) throw new Error('the standby said nothing about its replay')
  return row
}

/** Sessions of this database that hold one of the relations; a virtual lock of replay itself is none. */
export async function selectReaders(
  client: DatabaseClient,
  relations: readonly string[],
): Promise<readonly StandbyReader[]> {
  const { rows } = await client.query<StandbyReader>(
    `with target as (select to_regclass(name) as oid, name from unnest($1::text[]) as name)
     select a.pid, coalesce(a.application_name, '') as application, a.datname::text as database,
       coalesce(extract(epoch from statement_timestamp() - coalesce(a.xact_start, a.query_start)), 0)::float8 as "ageSeconds",
       array_agg(distinct target.name collate "C") as relations
     from pg_catalog.pg_locks l
     join target on target.oid = l.relation
     join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
       and a.backend_type = 'client backend' and coalesce(a.application_name, '') not like 'lockstep%'
     group by 1, 2, 3, 4
     order by 4 desc, 1`,
    [relations],
  )
  return rows
}
