import type { Tenant } from '../../../../../shared/topology/topology.ts'
import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'

/** Enough to act on; the statement that takes one grant away is easily made into the one for all. */
const mostLeaks = 50

/**
 * Lists schemas, tables, sequences and functions of a tenant that another tenant's role owns or has been granted,
 * itself or through a role that it is a member of. What PUBLIC may do is harmless as long as no other role can connect.
 */
export async function selectObjectGrants(
  client: DatabaseClient,
  { name, database, appRole }: Tenant,
  strangers: readonly { readonly tenant: string; readonly role: string }[],
): Promise<readonly IsolationLeak[]> {
  if (strangers.length === 0) return []
  const { rows } = await client.query<IsolationLeak>(
    `with stranger as (
       select r.oid, t.tenant, r.rolname from unnest($1::text[], $2::text[]) as t(tenant, role)
       join pg_catalog.pg_roles r on r.rolname = t.role and not r.rolsuper and r.rolname <> current_user
     ), namespace as (
       select * from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'
     ), object(kind, ident, owner, acl) as (
       select 'schema', quote_ident(nspname), nspowner, nspacl from namespace
       union all
       select case relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass::text, relowner, relacl
       from pg_catalog.pg_class c join namespace n on n.oid = c.relnamespace where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       union all
       select case prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure::text, proowner, proacl
       from pg_catalog.pg_proc p join namespace n on n.oid = p.pronamespace
       union all
       select 'column', format('(%I) on %s', a.attname, c.oid::regclass), relowner, a.attacl
       from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join namespace n on n.oid = c.relnamespace
       where a.attacl is not null and a.attnum > 0 and not a.attisdropped
     ), held as (
       select kind, ident, a.grantee, false as owns, string_agg(a.privilege_type, ', ' order by a.privilege_type collate "C") as privileges
       from object cross join lateral aclexplode(acl) a
       where a.grantee <> 0 and a.grantee <> owner group by 1, 2, 3
       union all
       select kind, ident, owner, true, 'ownership' from object where kind <> 'column'
     ), holder as (
       -- Few roles hold anything, many objects are held: membership is asked once per role.
       select distinct grantee from held
       where pg_get_userbyid(grantee) is distinct from $3::text
     )
     select s.rolname::text as role, s.tenant as "ofTenant", held.kind || ' ' || held.ident || ' of tenant ' || $4::text as reaches,
       case when held.grantee = s.oid then case when held.owns then 'it owns that' else held.privileges || ' granted to it' end
         else held.privileges || case when held.owns then ' of ' else ' granted to ' end || quote_ident(pg_get_userbyid(held.grantee)) || ', of which it is a member' end as grant,
       case when held.owns then format('alter %s %s owner to %I;', held.kind, held.ident, current_user)
         when held.kind = 'column' then format('revoke all %s from %I;', held.ident, pg_get_userbyid(held.grantee))
         else format('revoke all on %s %s from %I;', held.kind, held.ident, pg_get_userbyid(held.grantee)) end
         || ' -- in database ' || quote_ident($5::text) as fix, held.ident as object
     from stranger s
     join holder on pg_has_role(s.oid, holder.grantee, 'MEMBER')
     join held on held.grantee = holder.grantee
     order by s.tenant collate "C", held.kind, held.ident collate "C"
     limit ${mostLeaks}`,
    [strangers.map(({ tenant }) => tenant), strangers.map(({ role }) => role), appRole, name, database],
  )
  return rows
}
