import type { DatabaseClient } from '../../session/database-client.ts'

/** A view through which a role reads a table with another role's rights. */
export interface ViewWay {
  readonly role: string
  readonly view: string
  readonly viewSchema: string
  readonly kind: 'view' | 'materialized view'
  readonly table: string
  readonly tableSchema: string
  /** With whose rights the table is read. */
  readonly accessor: string
  /** That role sees every row of the table: by its attributes, or as its owner without FORCE. */
  readonly bypasses: boolean
  /** The views on the way that read with their owners' rights. */
  readonly definers: readonly string[]
}

/** Follows views, and views on views, from the roles that may read them down to tables. */
export async function selectViewWays(
  client: DatabaseClient,
  roles: readonly string[],
): Promise<readonly ViewWay[]> {
  const { rows } = await client.query<ViewWay>(
    `with recursive reader as (
       select oid, rolname from pg_catalog.pg_roles where rolname = any($1::text[]) and not rolsuper and rolname <> current_user
     ), view as (
       select c.oid, c.relowner, c.relkind, c.relnamespace,
         c.relkind = 'v' and coalesce((select lower(option_value) in ('true', 'on', '1', 'yes', 't', 'y')
           from pg_options_to_table(c.reloptions) where option_name = 'security_invoker'), false) as invoker
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('v', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
         and not exists (select from pg_catalog.pg_depend d
           where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     ), uses as (
       select distinct w.ev_class as view, d.refobjid as rel
       from pg_catalog.pg_rewrite w
       join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = w.oid
         and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> w.ev_class
       join view on view.oid = w.ev_class
     ), way(reader, root, rel, accessor, stored, definers) as (
       select r.oid, v.oid, v.oid, case when v.invoker then r.oid else v.relowner end, v.relkind = 'm',
         case when v.invoker then '{}'::oid[] else array[v.oid] end
       from reader r join view v
         on has_any_column_privilege(r.oid, v.oid, 'SELECT') and has_schema_privilege(r.oid, v.relnamespace, 'USAGE')
       union
       select way.reader, way.root, u.rel,
         case when v.oid is null or v.invoker then way.accessor else v.relowner end, way.stored or coalesce(v.relkind = 'm', false),
         case when v.oid is null or v.invoker then way.definers else way.definers || v.oid end
       from way join uses u on u.view = way.rel left join view v on v.oid = u.rel
     )
     select distinct r.rolname::text as role, root.oid::regclass::text as view, rn.nspname::text as "viewSchema",
       case when root.relkind = 'm' then 'materialized view' else 'view' end as kind,
       t.oid::regclass::text as table, tn.nspname::text as "tableSchema", a.rolname::text as accessor,
       way.stored or a.rolsuper or a.rolbypassrls or (not t.relforcerowsecurity and pg_has_role(a.oid, t.relowner, 'USAGE')) as bypasses,
       array(select d::regclass::text from unnest(way.definers) d) as definers
     from way
     join reader r on r.oid = way.reader
     join pg_catalog.pg_class root on root.oid = way.root join pg_catalog.pg_namespace rn on rn.oid = root.relnamespace
     join pg_catalog.pg_class t on t.oid = way.rel and t.relkind in ('r', 'p', 'f') join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
     join pg_catalog.pg_roles a on a.oid = way.accessor
     where way.stored or way.accessor <> way.reader
     order by 1, 2, 5`,
    [roles],
  )
  return rows
}
