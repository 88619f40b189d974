import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'

/** A role that may be given what it should not have; `schema` is its own, where tenants are schemas. */
export interface Stranger {
  readonly tenant: string
  readonly role: string
  readonly schema: string | null
}

/**
 * Lists default privileges that will give tenants' roles what is made in the future.
 *
 * Where tenants are schemas, what PUBLIC is given in another tenant's schema counts too.
 */
export async function selectDefaultGrants(
  client: DatabaseClient,
  strangers: readonly Stranger[],
  database: string,
  ownRole: string | null,
): Promise<readonly IsolationLeak[]> {
  if (strangers.length === 0) return []
  const { rows } = await client.query<IsolationLeak>(
    `with stranger as (
       select r.oid, t.tenant, r.rolname, t.schema from unnest($1::text[], $2::text[], $3::text[]) as t(tenant, role, schema)
       join pg_catalog.pg_roles r on r.rolname = t.role and not r.rolsuper and r.rolname <> current_user
     ), rule as (
       select d.oid, pg_get_userbyid(d.defaclrole) as maker, n.nspname, a.grantee,
         case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
           when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end as things,
         string_agg(a.privilege_type, ', ' order by a.privilege_type collate "C") as privileges
       from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
       cross join lateral aclexplode(d.defaclacl) a
       where a.grantee <> d.defaclrole and d.defaclobjtype in ('r', 'S', 'f', 'T', 'n', 'L')
       group by 1, 2, 3, 4, 5
     )
     select s.rolname::text as role, s.tenant as "ofTenant",
       'new ' || rule.things || coalesce(' in schema ' || quote_ident(rule.nspname), ' in every schema') || ' of database ' || quote_ident($4::text) as reaches,
       format('default privileges of %I give %s to %s', rule.maker, rule.privileges, ward.holder)
         || case when rule.grantee not in (0, s.oid) then ', of which it is a member' else '' end as grant,
       format('alter default privileges for role %I%s revoke all on %s from %s;', rule.maker,
         ' in schema ' || quote_ident(rule.nspname), rule.things, ward.holder) || ' -- in database ' || quote_ident($4::text) as fix
     from rule
     cross join lateral (select case when rule.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(rule.grantee)) end as holder) ward
     join stranger s on case when rule.grantee = 0
         then s.schema is not null and rule.nspname is not null and rule.nspname = any($3::text[])
         else pg_has_role(s.oid, rule.grantee, 'MEMBER') and pg_get_userbyid(rule.grantee) is distinct from $5::text end
       and rule.nspname is distinct from s.schema
     order by s.tenant collate "C", 3, 4`,
    [
      strangers.map(({ tenant }) => tenant),
      strangers.map(({ role }) => role),
      strangers.map(({ schema }) => schema),
      database,
      ownRole,
    ],
  )
  return rows
}
