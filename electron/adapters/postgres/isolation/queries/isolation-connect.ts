import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'

/** A tenant with the role that its application logs in as. */
export interface TenantRole {
  readonly tenant: string
  readonly database: string
  readonly role: string
}

/**
 * Lists every grant that lets a tenant's role connect to another tenant's database.
 *
 * Superusers and the role that migrates get in by nature and are left out; a superuser is reported by its attribute.
 * An empty list of grants on a database means PostgreSQL's default, and that lets PUBLIC in.
 */
export async function selectConnectGrants(
  client: DatabaseClient,
  roles: readonly TenantRole[],
): Promise<readonly IsolationLeak[]> {
  const { rows } = await client.query<IsolationLeak>(
    `with tenant as (select * from unnest($1::text[], $2::text[], $3::text[]) as t(name, database, role))
     select r.rolname::text as role, own.name collate "C" as "ofTenant", ('database ' || quote_ident(d.datname)) collate "C" as reaches,
       case when a.grantee = 0 then 'CONNECT is granted to PUBLIC'
         when a.grantee = r.oid then 'CONNECT is granted to it'
         else 'CONNECT is granted to ' || quote_ident(pg_get_userbyid(a.grantee)) || ', of which it is a member' end as grant,
       case when a.grantee = 0 or a.grantee = r.oid or a.grantee = d.datdba
         then format('revoke connect on database %I from %s;', d.datname, case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end)
         else format('revoke %I from %I;', pg_get_userbyid(a.grantee), r.rolname) end as fix
     from tenant own
     join pg_catalog.pg_roles r on r.rolname = own.role and not r.rolsuper and r.rolname <> current_user
     join tenant other on other.role <> own.role and other.database <> own.database
     join pg_catalog.pg_database d on d.datname = other.database
     cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
     where a.privilege_type = 'CONNECT' and (a.grantee = 0 or pg_has_role(r.oid, a.grantee, 'USAGE'))
     order by 2, 3, 4`,
    columnsOf(roles),
  )
  return rows
}

/** The tenants as three columns, for `unnest`. */
export function columnsOf(roles: readonly TenantRole[]): readonly (readonly string[])[] {
  return [
    roles.map(({ tenant }) => tenant),
    roles.map(({ database }) => database),
    roles.map(({ role }) => role),
  ]
}
