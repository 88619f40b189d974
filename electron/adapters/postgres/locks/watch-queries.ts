import type { DatabaseClient } from '../session/database-client.ts'

/** More than a statement names, and few enough for any lock table: for one that names no table at all. */
const mostTables = 200

/**
 * Tables that a statement's text names, by themselves or by one of their indexes, with their partitions and children.
 *
 * A name that only looks like one costs a lock that is not needed. A text that names none means all of them.
 */
export async function selectNamedTables(client: DatabaseClient, sql: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly name: string }>(
    `with recursive tables as (
  select c.oid, c.relname, quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.oid >= 16384 and c.relkind in ('r', 'p') and n.nspname !~ '^pg_(toast|temp)'
), named(oid) as (
  select t.oid from tables t
  where position(lower(t.relname) in lower($1)) > 0 or exists (
    select from pg_index i join pg_class x on x.oid = i.indexrelid
    where i.indrelid = t.oid and position(lower(x.relname) in lower($1)) > 0)
  union select h.inhrelid from named join pg_inherits h on h.inhparent = named.oid
)
select t.name from tables t
where t.oid in (select oid from named) or not exists (select from named)
order by t.oid limit ${mostTables}`,
    [sql],
  )
  return rows.map(row => row.name)
}

/** When a session began its latest query; null where that is not for us to see. */
export async function selectLastQuery(client: DatabaseClient, backendPid: number): Promise<string | null> {
  const { rows } = await client.query<{ readonly at: string | null }>(
    'select query_start::text as at from pg_stat_activity where pid = $1',
    [backendPid],
  )
  return rows[0]?.at ?? null
}

/** What one look at a session showed. */
export interface WatchedRows {
  readonly isHeld: boolean
  /** A vacuum that tries for five seconds to be alone with the table, and does not wait for it. */
  readonly isTruncating: boolean
  /** It is at rest after another query than `lastQuery`, or gone. */
  readonly isAtRest: boolean
  readonly locks: readonly WatchedLock[]
}

export interface WatchedLock {
  readonly type: 'relation'
  readonly oid: string
  readonly mode: string
}

/**
 * The locks that a session has or asks for on users' tables, and whether another one holds it up.
 *
 * Only those that a brake is sure to show: weaker ones, and those on indexes, would be seen by luck.
 */
export async function selectWatched(
  client: DatabaseClient,
  backendPid: number,
  brakePid: number,
  lastQuery: string | null,
): Promise<WatchedRows> {
  const { rows } = await client.query<{
    readonly held: boolean
    readonly truncating: boolean
    readonly at_rest: boolean
    readonly oid: string | null
    readonly mode: string
  }>(
    `select b.held, b.truncating, b.at_rest, l.relation::text as oid, l.mode
from (select $2::int = any(pg_blocking_pids($1::int)) as held,
  exists (select from pg_stat_progress_vacuum where pid = $1::int and phase = 'truncating heap') as truncating,
  not exists (select from pg_stat_activity a where a.pid = $1::int and (a.state = 'active' or a.state is null
    or a.query_start::text is not distinct from $3)) as at_rest) b
left join pg_locks l on l.pid = $1::int and l.locktype = 'relation' and l.relation >= 16384
  and l.mode in ('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  and exists (select from pg_class c where c.oid = l.relation and c.relkind in ('r', 'p', 'm'))`,
    [backendPid, brakePid, lastQuery],
  )
  const locks = rows.flatMap(({ oid, mode }) =>
    oid === null ? [] : [{ type: 'relation' as const, oid, mode }],
  )
  const [row] = rows
  return {
    isHeld: row?.held === true,
    isTruncating: row?.truncating === true,
    isAtRest: row?.at_rest === true,
    locks,
  }
}
