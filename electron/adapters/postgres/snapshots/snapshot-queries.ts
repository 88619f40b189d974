import type { OtherSession, StrayDatabase } from '../../../engine/ports/restores.ts'
import type { TableWrites } from '../../../engine/ports/snapshots.ts'
import { positionOf } from '../copies/sequence-position.ts'
import { mayMeasure } from '../copies/shadow-queries.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { selectTies } from './database-ties.ts'

/** Names the present place in the WAL. Needs `wal_level` replica or logical, and the right to the function. */
export async function createRestorePoint(client: DatabaseClient, name: string): Promise<void> {
  await client.query('select pg_catalog.pg_create_restore_point($1)', [name])
}

/** Where the primary inserts. */
export async function selectInsertLsn(client: DatabaseClient): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>(
    'select pg_catalog.pg_current_wal_insert_lsn()::text as lsn',
  )
  return rows[0]?.lsn ?? ''
}

/**
 * Waits until what ended sessions have counted can be read; false when that does not come about.
 *
 * Before 15 a collector hands counts on by a file, up to half a second late (`pg_stat_get_snapshot_timestamp` is the
 * time of that file); from 15 on they are in shared memory.
 */
export async function awaitCollector(client: DatabaseClient): Promise<boolean> {
  const { rows } = await client.query<{ readonly isLate: boolean; readonly now: string }>(
    `select current_setting('server_version_num')::int < 150000 as "isLate", clock_timestamp()::text as now`,
  )
  const [first] = rows
  if (!first?.isLate) return true
  for (let attempt = 0; attempt < 200; attempt += 1) {
    await client.query('select pg_stat_clear_snapshot(), pg_sleep(0.05)')
    const answer = await client.query<{ readonly isFresh: boolean }>(
      'select pg_stat_get_snapshot_timestamp() >= $1::timestamptz as "isFresh"',
      [first.now],
    )
    if (answer.rows[0]?.isFresh) return true
  }
  return false
}

/**
 * Rows written to each table of the database, large objects included, or of one schema; null where the server does not count.
 *
 * The mark changes when counters start again: with a reset of this database's, or with a crash, which resets all of them.
 */
export async function selectTableWrites(
  client: DatabaseClient,
  schema?: string,
): Promise<TableWrites | null> {
  const inside = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ($1::text is null or n.nspname = $1)`
  const { rows } = await client.query<TableWrites & { readonly counts: boolean }>(
    `select current_setting('track_counts')::boolean as counts,
       concat_ws('/', (select oid from pg_catalog.pg_database where datname = current_database()),
         (select stats_reset from pg_catalog.pg_stat_database where datname = current_database()),
         (select stats_reset from pg_catalog.pg_stat_bgwriter)) as mark,
       coalesce((select jsonb_object_agg(c.oid::text, pg_stat_get_tuples_inserted(c.oid)
           + pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid))
         from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where ($1::text is null and c.oid = 'pg_catalog.pg_largeobject'::regclass)
           or (c.relkind = 'r' and ${inside})), '{}') as tables,
       (select md5(coalesce(string_agg(format('%s %s', c.oid, pg_relation_filenode(c.oid)), ',' order by c.oid), ''))
         from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'r' and ${inside}) as files,
       (select md5(coalesce(string_agg(format('%s %s', c.oid, ${positionOf('c.oid')}), ',' order by c.oid), ''))
         from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where c.relkind = 'S' and ${inside}) as positions`,
    [schema ?? null],
  )
  const [row] = rows
  if (!row?.counts) return null
  const { tables, mark, files, positions } = row
  return { tables, mark, files, positions }
}

/** Who is connected to a database, without one session of ours and PostgreSQL's own workers. */
export async function selectSessionsOf(
  client: DatabaseClient,
  database: string,
  ownPid: number,
): Promise<readonly OtherSession[]> {
  const { rows } = await client.query<OtherSession>(
    `select pid, coalesce(usename, '')::text as "user", coalesce(application_name, '') as application
     from pg_catalog.pg_stat_activity
     where datname = $1 and pid <> $2 and backend_type is distinct from 'autovacuum worker'
     order by pid`,
    [database, ownPid],
  )
  return rows
}

/** Ends every session of a database but one of ours. */
export async function terminateSessionsOf(
  client: DatabaseClient,
  database: string,
  ownPid: number,
): Promise<void> {
  await client.query(
    `select pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where datname = $1 and pid <> $2`,
    [database, ownPid],
  )
}

/** Databases that Lockstep has made beside tenants, by their names. */
export async function selectCopies(
  client: DatabaseClient,
): Promise<readonly Omit<StrayDatabase, 'server'>[]> {
  const { rows } = await client.query<{
    database: string
    kind: StrayDatabase['kind']
    bytes: string
  }>(
    `select datname::text as database, (regexp_match(datname, '^lockstep_(snapshot|restore|failed)_'))[1] as kind,
       (case when ${mayMeasure} then pg_database_size(d.oid) else 0 end)::text as bytes
     from pg_catalog.pg_database d where datname ~ '^lockstep_(snapshot|restore|failed)_' order by 1`,
  )
  const found: Omit<StrayDatabase, 'server'>[] = []
  for (const row of rows)
    found.push({ ...row, bytes: Number(row.bytes), ties: await selectTies(client, row.database) })
  return found
}

/** What belongs to a database and is not in a copy of it. */
export interface DatabaseFacts {
  readonly owner: string
  readonly connectionLimit: number
  readonly tablespace: string
  /** Every privilege as PostgreSQL writes it, the default ones included. */
  readonly acl: string
  readonly grants: readonly DatabaseGrant[]
  /** `role name=value` of each setting. */
  readonly settings: readonly string[]
  readonly comment: string | null
  readonly labels: readonly SecurityLabel[]
}

export interface SecurityLabel {
  readonly provider: string
  readonly label: string
}

export interface DatabaseGrant {
  /** Null for all roles. */
  readonly role: string | null
  readonly privilege: 'CONNECT' | 'CREATE' | 'TEMPORARY'
  readonly isGrantable: boolean
}

/** Owner, privileges, settings, comment and security labels of a database; null when there is none of the name. */
export async function selectDatabaseFacts(
  client: DatabaseClient,
  database: string,
): Promise<DatabaseFacts | null> {
  const { rows } = await client.query<DatabaseFacts>(
    `select pg_get_userbyid(d.datdba)::text as owner, d.datconnlimit as "connectionLimit", t.spcname::text as tablespace,
       (select string_agg(a::text, ',' order by a::text collate "C") from unnest(p.acl) a) as acl,
       coalesce((select jsonb_agg(jsonb_build_object('role', nullif(g.grantee, 0)::regrole::text,
           'privilege', g.privilege_type, 'isGrantable', g.is_grantable)) from aclexplode(p.acl) g), '[]') as grants,
       array(select concat_ws(' ', nullif(s.setrole, 0)::regrole::text, entry)
         from pg_catalog.pg_db_role_setting s cross join unnest(s.setconfig) as entry
         where s.setdatabase = d.oid order by 1) as settings,
       shobj_description(d.oid, 'pg_database') as comment,
       coalesce((select jsonb_agg(jsonb_build_object('provider', l.provider, 'label', l.label) order by l.provider)
         from pg_catalog.pg_shseclabel l where l.objoid = d.oid and l.classoid = 'pg_database'::regclass), '[]') as labels
     from pg_catalog.pg_database d join pg_catalog.pg_tablespace t on t.oid = d.dattablespace
     cross join lateral (select coalesce(d.datacl, acldefault('d', d.datdba)) as acl) p
     where d.datname = $1`,
    [database],
  )
  return rows[0] ?? null
}
