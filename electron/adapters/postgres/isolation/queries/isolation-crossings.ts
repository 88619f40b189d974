import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'
import { type SchemaTenant, schemaColumns } from './isolation-schemas.ts'

/**
 * Lists objects of one tenant's schema that are built on another tenant's: foreign keys, views, defaults, triggers,
 * policies, parts of partitioned tables, columns of a foreign type, functions with a body that is parsed.
 */
export async function selectCrossings(
  client: DatabaseClient,
  tenants: readonly SchemaTenant[],
): Promise<readonly IsolationLeak[]> {
  const { rows } = await client.query<IsolationLeak>(
    `with tenant as (select * from unnest($1::text[], $2::text[], $3::text[]) as t(name, schema, role)),
     space as (
       select n.oid, t.name as tenant, coalesce(t.role, '') as role from pg_catalog.pg_namespace n join tenant t on t.schema = n.nspname
     ), object(classid, objid, space, kind, ident, holder, label) as (
       select 'pg_catalog.pg_class'::regclass::oid, c.oid, c.relnamespace,
         case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' when 'f' then 'foreign table' else 'table' end,
         c.oid::regclass::text, c.oid, ''
       from pg_catalog.pg_class c where c.relkind not in ('i', 'I', 't', 'c')
       union all
       select 'pg_catalog.pg_proc'::regclass, p.oid, p.pronamespace, case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
         p.oid::regprocedure::text, 0, '' from pg_catalog.pg_proc p
       union all
       select 'pg_catalog.pg_type'::regclass, t.oid, t.typnamespace, 'type', t.oid::regtype::text, 0, '' from pg_catalog.pg_type t
       union all
       select 'pg_catalog.pg_constraint'::regclass, k.oid, k.connamespace, 'constraint',
         coalesce(c.oid::regclass::text || '.', '') || quote_ident(k.conname), k.conrelid, quote_ident(k.conname)
       from pg_catalog.pg_constraint k left join pg_catalog.pg_class c on c.oid = k.conrelid where k.conparentid = 0
       union all
       select 'pg_catalog.pg_rewrite'::regclass, w.oid, c.relnamespace,
         case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'rule' end,
         c.oid::regclass::text || case when c.relkind in ('v', 'm') then '' else '.' || quote_ident(w.rulename) end, c.oid, quote_ident(w.rulename)
       from pg_catalog.pg_rewrite w join pg_catalog.pg_class c on c.oid = w.ev_class
       union all
       select 'pg_catalog.pg_attrdef'::regclass, d.oid, c.relnamespace, 'default', c.oid::regclass::text || '.' || quote_ident(a.attname), c.oid, quote_ident(a.attname)
       from pg_catalog.pg_attrdef d join pg_catalog.pg_class c on c.oid = d.adrelid
       join pg_catalog.pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
       union all
       select 'pg_catalog.pg_trigger'::regclass, g.oid, c.relnamespace, 'trigger', c.oid::regclass::text || '.' || quote_ident(g.tgname), c.oid, quote_ident(g.tgname)
       from pg_catalog.pg_trigger g join pg_catalog.pg_class c on c.oid = g.tgrelid where not g.tgisinternal and g.tgparentid = 0
       union all
       select 'pg_catalog.pg_policy'::regclass, p.oid, c.relnamespace, 'policy', c.oid::regclass::text || '.' || quote_ident(p.polname), c.oid, quote_ident(p.polname)
       from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
     ), crossing as (
       select distinct a.*, s.role, s.tenant, b.kind as other_kind, b.ident as other, t.tenant as of_tenant,
         case when a.kind in ('table', 'foreign table') and b.kind = 'type' then (select quote_ident(attname)
           from pg_catalog.pg_attribute where attrelid = a.objid and attnum = d.objsubid and d.objsubid > 0) end as attname
       from pg_catalog.pg_depend d
       join object a on a.classid = d.classid and a.objid = d.objid
       join object b on b.classid = d.refclassid and b.objid = d.refobjid
       join space s on s.oid = a.space join space t on t.oid = b.space
       where a.space <> b.space
     )
     select role, tenant as "ofTenant", other_kind || ' ' || other || ' of tenant ' || of_tenant as reaches,
       case when attname is null then kind || ' ' || ident || ' is built on it'
         else 'column ' || ident || '.' || attname || ' has that type' end as grant,
       case kind
         when 'constraint' then format('alter table %s drop constraint %s;', holder::regclass, label)
         when 'default' then format('alter table %s alter column %s drop default;', holder::regclass, label)
         when 'trigger' then format('drop trigger %s on %s;', label, holder::regclass)
         when 'policy' then format('drop policy %s on %s;', label, holder::regclass)
         when 'rule' then format('drop rule %s on %s;', label, holder::regclass)
         when 'table' then case when attname is not null then format('alter table %s drop column %s;', ident, attname)
           when (select relispartition from pg_catalog.pg_class where oid = objid) then format('alter table %s detach partition %s;', other, ident)
           else format('alter table %s no inherit %s;', ident, other) end
         else format('drop %s %s;', kind, ident) end as fix,
       case when attname is null then ident else ident || '.' || attname end as object
     from crossing
     order by tenant collate "C", kind, ident collate "C", other collate "C"
     limit 200`,
    schemaColumns(tenants),
  )
  return rows
}
