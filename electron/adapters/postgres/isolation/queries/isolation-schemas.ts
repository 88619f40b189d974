import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'

/** A tenant that is a schema, with the role of its application. */
export interface SchemaTenant {
  readonly tenant: string
  readonly schema: string
  readonly role: string | null
}

/** Enough to act on; the statement that takes one grant away is easily made into the one for all. */
const mostLeaks = 200

/** The tenants as three columns, for `unnest`. */
export function schemaColumns(tenants: readonly SchemaTenant[]): readonly (readonly (string | null)[])[] {
  return [
    tenants.map(({ tenant }) => tenant),
    tenants.map(({ schema }) => schema),
    tenants.map(({ role }) => role),
  ]
}

/**
 * Lists what tenants' roles may do with another tenant's schema: itself, through roles that they are members of, or as PUBLIC. What PUBLIC may
 * do with an object is reached only through the schema, and counts only with it.
 */
export async function selectSchemaGrants(
  client: DatabaseClient,
  tenants: readonly SchemaTenant[],
): Promise<readonly IsolationLeak[]> {
  const { rows } = await client.query<IsolationLeak>(
    `with tenant as (select * from unnest($1::text[], $2::text[], $3::text[]) as t(name, schema, role)),
     stranger as (
       select t.name, t.schema, r.oid, r.rolname from tenant t
       join pg_catalog.pg_roles r on r.rolname = t.role and not r.rolsuper and r.rolname <> current_user
     ), space as (
       select n.*, t.name as tenant, r.oid as own from pg_catalog.pg_namespace n
       join tenant t on t.schema = n.nspname left join pg_catalog.pg_roles r on r.rolname = t.role
     ), object(space, kind, ident, owner, acl) as (
       select oid, 'schema', quote_ident(nspname), nspowner, nspacl from space
       union all
       select s.oid, case relkind when 'S' then 'sequence' else 'table' end, c.oid::regclass::text, relowner, relacl
       from pg_catalog.pg_class c join space s on s.oid = c.relnamespace where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       union all
       select s.oid, 'column', format('(%I) on %s', a.attname, c.oid::regclass), relowner, a.attacl
       from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid join space s on s.oid = c.relnamespace
       where a.attacl is not null and a.attnum > 0 and not a.attisdropped
       union all
       select s.oid, case prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure::text, proowner, proacl
       from pg_catalog.pg_proc p join space s on s.oid = p.pronamespace
       union all
       select s.oid, 'type', t.oid::regtype::text, typowner, typacl
       from pg_catalog.pg_type t join space s on s.oid = t.typnamespace where t.typtype in ('e', 'd', 'r')
     ), held as (
       select space, kind, ident, a.grantee, false as owns, string_agg(a.privilege_type, ', ' order by a.privilege_type collate "C") as privileges
       from object cross join lateral aclexplode(acl) a where a.grantee <> owner group by 1, 2, 3, 4
       union all
       select space, kind, ident, owner, true, 'ownership' from object where kind <> 'column'
     ), holder as (
       -- Few roles hold anything, many objects are held: membership is asked once per role.
       select distinct h.space, h.grantee from held h join space s on s.oid = h.space where h.grantee is distinct from s.own
     ), way as (
       select s.oid as role, s.rolname, s.name, holder.space, holder.grantee from holder
       join space on space.oid = holder.space
       join stranger s on s.schema <> space.nspname and s.oid is distinct from space.own
         and (holder.grantee = 0 or pg_has_role(s.oid, holder.grantee, 'MEMBER'))
     )
     select way.rolname::text as role, way.name as "ofTenant", held.kind || ' ' || held.ident || ' of tenant ' || space.tenant as reaches,
       case when held.grantee = way.role then case when held.owns then 'it owns that' else held.privileges || ' granted to it' end
         when held.grantee = 0 then held.privileges || ' granted to PUBLIC'
         else held.privileges || case when held.owns then ' of ' else ' granted to ' end
           || quote_ident(pg_get_userbyid(held.grantee)) || ', of which it is a member' end as grant,
       case when held.owns then format('alter %s %s owner to %I;', held.kind, held.ident, current_user)
         else format(case when held.kind = 'column' then 'revoke all %2$s from %3$s;' else 'revoke all on %1$s %2$s from %3$s;' end, held.kind, held.ident,
           case when held.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(held.grantee)) end) end as fix,
       held.ident as object
     from way
     join held on held.space = way.space and held.grantee = way.grantee
     join space on space.oid = way.space
     where held.grantee <> 0 or held.kind = 'schema' or has_schema_privilege(way.role, way.space, 'USAGE')
     order by way.name collate "C", held.kind = 'schema' desc, held.kind, held.ident collate "C"
     limit ${mostLeaks}`,
    schemaColumns(tenants),
  )
  return rows
}

/** Lists roles that may make objects in `public`, where other tenants' sessions may look for names. */
export async function selectPublicCreators(
  client: DatabaseClient,
  tenants: readonly SchemaTenant[],
): Promise<readonly IsolationLeak[]> {
  const { rows } = await client.query<IsolationLeak>(
    `with tenant as (select * from unnest($1::text[], $2::text[], $3::text[]) as t(name, schema, role))
     select r.rolname::text as role, tenant.name as "ofTenant", 'schema public, where sessions of other tenants look for names' as reaches,
       case when a.grantee = 0 then 'CREATE granted to PUBLIC' when a.grantee = r.oid then 'CREATE granted to it'
         else 'CREATE granted to ' || quote_ident(pg_get_userbyid(a.grantee)) || ', of which it is a member' end as grant,
       format('revoke create on schema public from %s;', case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end) as fix,
       'public' as object
     from tenant join pg_catalog.pg_roles r on r.rolname = tenant.role and not r.rolsuper and r.rolname <> current_user
     join pg_catalog.pg_namespace n on n.nspname = 'public'
     cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) a
     where a.privilege_type = 'CREATE' and (a.grantee = 0 or pg_has_role(r.oid, a.grantee, 'MEMBER'))
     order by 2, 4`,
    schemaColumns(tenants),
  )
  return rows
}

/** A setting that a role, or every role, starts its sessions with. */
export interface RoleSetting {
  /** Null: for every role. */
  readonly role: string | null
  /** Null: in every database. */
  readonly database: string | null
  readonly name: string
  readonly value: string
}

/** Reads settings of roles and databases that hold in this database. */
export async function selectRoleSettings(
  client: DatabaseClient,
  roles: readonly string[],
): Promise<readonly RoleSetting[]> {
  const { rows } = await client.query<RoleSetting>(
    `select r.rolname::text as role, d.datname::text as database,
       split_part(c, '=', 1) as name, substr(c, strpos(c, '=') + 1) as value
     from pg_catalog.pg_db_role_setting s
     left join pg_catalog.pg_roles r on r.oid = s.setrole
     left join pg_catalog.pg_database d on d.oid = s.setdatabase
     cross join lateral unnest(s.setconfig) c
     where (s.setrole = 0 or r.rolname = any($1::text[])) and (s.setdatabase = 0 or d.datname = current_database())
     order by 1, 2, 3`,
    [roles],
  )
  return rows
}
