import type { DatabaseClient } from '../../session/database-client.ts'

/** A table of users, with what a role may do there and what holds it back. */
export interface SharedTableFacts {
  readonly oid: string
  /** Qualified and quoted. */
  readonly table: string
  /** Qualified, not quoted: as patterns name it. */
  readonly name: string
  readonly kind: 'r' | 'p' | 'f' | 'v' | 'm'
  /** The partitioned table that it is a part of. */
  readonly partOf: string | null
  readonly rowSecurity: boolean
  readonly forced: boolean
  /** The type of the column that says whose a row is; null without one. */
  readonly columnType: string | null
  readonly owner: string
  /** The role is the owner or can become it. */
  readonly owned: boolean
  readonly privileges: readonly string[]
}

export type PolicyCommand = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'ALL'

/** A policy that holds for a role. */
export interface RolePolicy {
  readonly oid: string
  readonly policy: string
  readonly command: PolicyCommand
  readonly permissive: boolean
  readonly using: string | null
  readonly check: string | null
  /** Names of the functions of users that it depends on: those it calls, and those of its casts. */
  readonly functions: readonly string[]
  /** It depends on operators of users. */
  readonly hasOwnOperators: boolean
}

/** Reads the tables and views that a role may use in any way. */
export async function selectReachableTables(
  client: DatabaseClient,
  role: string,
  column: string,
): Promise<readonly SharedTableFacts[]> {
  const { rows } = await client.query<SharedTableFacts>(
    `select c.oid::text as oid, c.oid::regclass::text as table, n.nspname || '.' || c.relname as name, c.relkind::text as kind,
       case when c.relispartition then (select inhparent::regclass::text from pg_catalog.pg_inherits where inhrelid = c.oid) end as "partOf",
       c.relrowsecurity as "rowSecurity", c.relforcerowsecurity as forced, format_type(a.atttypid, a.atttypmod) as "columnType",
       pg_get_userbyid(c.relowner)::text as owner, pg_has_role(r.oid, c.relowner, 'MEMBER') as owned, privileges
     from pg_catalog.pg_class c
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     join pg_catalog.pg_roles r on r.rolname = $1 and has_schema_privilege(r.oid, n.oid, 'USAGE')
     left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = $2 and a.attnum > 0 and not a.attisdropped
     cross join lateral (
       select array(
         select p from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) with ordinality as w(p, nr)
         where case when p in ('SELECT', 'INSERT', 'UPDATE') then has_any_column_privilege(r.oid, c.oid, p) else has_table_privilege(r.oid, c.oid, p) end
         order by nr) as privileges) held
     where c.relkind in ('r', 'p', 'f', 'v', 'm') and cardinality(privileges) > 0
       and not exists (select from pg_catalog.pg_depend d
         where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by c.oid::regclass::text collate "C"`,
    [role, column],
  )
  return rows
}

/** Reads the policies that hold for a role, on all tables. */
export async function selectPolicies(client: DatabaseClient, role: string): Promise<readonly RolePolicy[]> {
  const { rows } = await client.query<RolePolicy>(
    `select p.polrelid::text as oid, quote_ident(p.polname) as policy,
       case p.polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end as command,
       p.polpermissive as permissive, pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check,
       array(select distinct f.proname::text from pg_catalog.pg_depend d join pg_catalog.pg_proc f on f.oid = d.refobjid
         where d.classid = 'pg_catalog.pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_catalog.pg_proc'::regclass) as functions,
       exists (select from pg_catalog.pg_depend d
         where d.classid = 'pg_catalog.pg_policy'::regclass and d.objid = p.oid and d.refclassid = 'pg_catalog.pg_operator'::regclass) as "hasOwnOperators"
     from pg_catalog.pg_policy p join pg_catalog.pg_roles r on r.rolname = $1
     where exists (select from unnest(p.polroles) x where x = 0 or pg_has_role(r.oid, nullif(x, 0), 'USAGE'))
     order by p.polname collate "C"`,
    [role],
  )
  return rows
}

/** Of these names, those whose functions of the server give the same for the same arguments, whoever asks. */
export async function selectSteadyFunctions(
  client: DatabaseClient,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ readonly name: string }>(
    `select proname::text as name from pg_catalog.pg_proc
     where pronamespace = 'pg_catalog'::regnamespace and proname = any($1::text[])
     group by proname having bool_and(provolatile = 'i')`,
    [names],
  )
  return new Set(rows.map(({ name }) => name))
}

/** What says that another tenant's row exists, without showing it. */
export interface CovertChannel {
  readonly oid: string
  readonly kind: 'unique' | 'foreign key'
  readonly label: string
  readonly columns: string
}

/** Reads unique indexes and foreign keys of tables that do not include the column of the tenant; primary keys are left out. */
export async function selectCovertChannels(
  client: DatabaseClient,
  column: string,
): Promise<readonly CovertChannel[]> {
  const { rows } = await client.query<CovertChannel>(
    `with key(oid, kind, label, columns, attnums) as (
       select i.indrelid, 'unique', i.indexrelid::regclass::text, '', i.indkey::int2[] from pg_catalog.pg_index i
       where i.indisunique and not i.indisprimary
       union all
       select k.conrelid, 'foreign key', quote_ident(k.conname), '', k.conkey from pg_catalog.pg_constraint k
       where k.contype = 'f' and k.conparentid = 0
         and exists (select from pg_catalog.pg_attribute a where a.attrelid = k.confrelid and a.attname = $1 and not a.attisdropped)
     )
     select key.oid::text as oid, key.kind, key.label,
       coalesce((select string_agg(quote_ident(attname), ', ' order by attnum) from pg_catalog.pg_attribute
         where attrelid = key.oid and attnum = any(key.attnums)), '') as columns
     from key
     join pg_catalog.pg_class c on c.oid = key.oid and not c.relispartition
     join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     join pg_catalog.pg_attribute own on own.attrelid = key.oid and own.attname = $1 and not own.attisdropped
     where not own.attnum = any(key.attnums)
     order by 3`,
    [column],
  )
  return rows
}
