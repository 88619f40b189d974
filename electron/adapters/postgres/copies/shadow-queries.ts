import type { DatabaseClient } from '../session/database-client.ts'

/** What has to be known of a database before it is copied. */
export interface ShadowSource {
  readonly version: number
  readonly bytes: number
  readonly encoding: string
  readonly collate: string
  readonly ctype: string
  /** `c`, `i` or `b`; PostgreSQL 14 knows only the first. */
  readonly provider: string
  /** Locale of a provider that is not the system's. */
  readonly locale: string | null
  readonly mayCreate: boolean
  readonly prepared: number
  /** Application names of those who are connected to it. */
  readonly connected: readonly string[]
}

/** Reads what a copy depends on; null when there is no such database. Column names differ between versions. */
export async function selectShadowSource(
  client: DatabaseClient,
  database: string,
): Promise<ShadowSource | null> {
  const { rows } = await client.query<Omit<ShadowSource, 'bytes'> & { readonly bytes: string }>(
    `select current_setting('server_version_num')::int as version, pg_database_size(d.oid)::text as bytes,
       pg_encoding_to_char(d.encoding) as encoding, d.datcollate as collate, d.datctype as ctype,
       coalesce(to_jsonb(d)->>'datlocprovider', 'c') as provider,
       coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale') as locale,
       (select rolsuper or rolcreatedb from pg_catalog.pg_roles where rolname = current_user) as "mayCreate",
       (select count(*)::int from pg_catalog.pg_prepared_xacts where database = d.datname) as prepared,
       array(select coalesce(a.application_name, '') from pg_catalog.pg_stat_activity a
         where a.datid = d.oid and a.backend_type is distinct from 'autovacuum worker') as connected
     from pg_catalog.pg_database d where d.datname = $1`,
    [database],
  )
  const [row] = rows
  return row === undefined ? null : { ...row, bytes: Number(row.bytes) }
}

/** Ends the sessions in a database that are the login's own, or of roles whose rights it has. */
export async function endOwnSessions(client: DatabaseClient, database: string): Promise<void> {
  await client.query(
    `select pg_catalog.pg_terminate_backend(a.pid) from pg_catalog.pg_stat_activity a
     join pg_catalog.pg_roles r on r.oid = a.usesysid
     where a.datname = $1 and a.pid <> pg_catalog.pg_backend_pid()
       and not r.rolsuper and pg_catalog.pg_has_role(current_user, r.oid, 'usage')`,
    [database],
  )
}

/** A setting of a database, for all roles or for one role in it. */
export interface DatabaseSetting {
  /** Null for all roles. */
  readonly role: string | null
  readonly name: string
  readonly value: string
}

/** Settings that belong to a database and that a copy of it lacks. */
export async function selectDatabaseSettings(
  client: DatabaseClient,
  database: string,
): Promise<readonly DatabaseSetting[]> {
  const { rows } = await client.query<DatabaseSetting>(
    `select r.rolname::text as role, split_part(entry, '=', 1) as name, substr(entry, strpos(entry, '=') + 1) as value
     from pg_catalog.pg_db_role_setting s
     cross join unnest(s.setconfig) as entry
     left join pg_catalog.pg_roles r on r.oid = s.setrole
     where s.setdatabase = (select oid from pg_catalog.pg_database where datname = $1)
       and (s.setrole = 0 or r.oid is not null)
     order by 1 nulls first, 2`,
    [database],
  )
  return rows
}

/** Copies of rehearsals whose keeper is gone and to which no session is connected. */
export async function selectLeftoverShadows(
  client: DatabaseClient,
  keeperPrefix: string,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select d.datname as name from pg_catalog.pg_database d
     where d.datname ~ '^lockstep_shadow_[0-9a-f]{12}$'
       and not exists (select from pg_catalog.pg_stat_activity a
         where a.datid = d.oid or a.application_name = $1::text || d.datname::text)
     order by 1`,
    [keeperPrefix],
  )
  return rows.map(row => row.name)
}

/** Whether the size of a database `d` may be asked for: of what another role has made, it may not. */
export const mayMeasure = `(has_database_privilege(d.oid, 'CONNECT') or pg_has_role('pg_read_all_stats', 'USAGE'))`

/** A scratch copy of a rehearsal, and whether it is still needed. */
export interface ShadowOnServer {
  readonly name: string
  readonly bytes: number
  /** Its keeper is there, or a session is connected to it. */
  readonly isInUse: boolean
}

/** Every scratch copy of a server. */
export async function selectShadows(
  client: DatabaseClient,
  keeperPrefix: string,
): Promise<readonly ShadowOnServer[]> {
  const { rows } = await client.query<Omit<ShadowOnServer, 'bytes'> & { readonly bytes: string }>(
    `select d.datname::text as name, (case when ${mayMeasure} then pg_database_size(d.oid) else 0 end)::text as bytes,
       exists (select from pg_catalog.pg_stat_activity a
         where a.datid = d.oid or a.application_name = $1::text || d.datname::text) as "isInUse"
     from pg_catalog.pg_database d where d.datname ~ '^lockstep_shadow_[0-9a-f]{12}$' order by 1`,
    [keeperPrefix],
  )
  return rows.map(row => ({ ...row, bytes: Number(row.bytes) }))
}

/** Every role of the cluster that is not PostgreSQL's own. */
export async function selectRoleNames(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select rolname::text as name from pg_catalog.pg_roles where rolname !~ '^pg_' order by 1`,
  )
  return rows.map(row => row.name)
}

/** The same with PostgreSQL's own. */
export async function selectAllRoleNames(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select rolname::text as name from pg_catalog.pg_roles`,
  )
  return rows.map(row => row.name)
}

/** What a role may do in its cluster. */
export interface RolePowers {
  readonly isSuperuser: boolean
  readonly bypassesPolicies: boolean
  readonly createsRoles: boolean
  readonly createsDatabases: boolean
  /** Roles that it is a member of, so that it has their rights or can become them. */
  readonly memberOf: readonly string[]
}

/** Reads what the role of this session may do. */
export async function selectOwnPowers(client: DatabaseClient): Promise<RolePowers> {
  const { rows } = await client.query<RolePowers>(
    `select r.rolsuper as "isSuperuser", r.rolbypassrls as "bypassesPolicies", r.rolcreaterole as "createsRoles",
       r.rolcreatedb as "createsDatabases",
       array(select g.rolname::text from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid
         where m.member = r.oid order by 1) as "memberOf"
     from pg_catalog.pg_roles r where r.rolname = session_user`,
  )
  const nothing = {
    isSuperuser: false,
    bypassesPolicies: false,
    createsRoles: false,
    createsDatabases: false,
  }
  return rows[0] ?? { ...nothing, memberOf: [] }
}

/** Extensions of this database, without PL/pgSQL, which every database has. */
export async function selectExtensions(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select extname::text as name from pg_catalog.pg_extension where extname <> 'plpgsql' order by 1`,
  )
  return rows.map(row => row.name)
}

/** Those of some extensions that this server could not create. */
export async function selectMissingExtensions(
  client: DatabaseClient,
  names: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select wanted as name from unnest($1::text[]) as wanted
     where not exists (select from pg_catalog.pg_available_extensions e where e.name = wanted) order by 1`,
    [names],
  )
  return rows.map(row => row.name)
}

/** Major version of a server, such as 18. */
export async function selectMajor(client: DatabaseClient): Promise<number> {
  const { rows } = await client.query<{ major: number }>(
    `select current_setting('server_version_num')::int / 10000 as major`,
  )
  return rows[0]?.major ?? 0
}
