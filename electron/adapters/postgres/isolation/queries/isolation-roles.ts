import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'
import { columnsOf, type TenantRole } from './isolation-connect.ts'

/** Lists tenants' roles that are members of another tenant's role, directly or through others. */
export async function selectMemberships(
  client: DatabaseClient,
  roles: readonly TenantRole[],
): Promise<readonly IsolationLeak[]> {
  const { rows } = await client.query<IsolationLeak>(
    `with recursive tenant as (select * from unnest($1::text[], $2::text[], $3::text[]) as t(name, database, role)),
     reach(root, role) as (
       select r.oid, r.oid from pg_catalog.pg_roles r join tenant on tenant.role = r.rolname
       where not r.rolsuper and r.rolname <> current_user
       union
       select reach.root, m.roleid from reach join pg_catalog.pg_auth_members m on m.member = reach.role
     )
     select own.role, own.name collate "C" as "ofTenant", ('tenant ' || other.name) collate "C" as reaches,
       'it is a member of ' || quote_ident(other.role) || ', the role of that tenant' as grant,
       (select string_agg(format('revoke %I from %I;', pg_get_userbyid(m.roleid), pg_get_userbyid(m.member)), ' '
          order by pg_get_userbyid(m.member) collate "C")
        from pg_catalog.pg_auth_members m
        where m.roleid = reach.role and m.member in (select role from reach as way where way.root = reach.root)) as fix
     from reach
     join tenant own on own.role = pg_get_userbyid(reach.root)
     join tenant other on other.role = pg_get_userbyid(reach.role) and other.role <> own.role
     order by 2, 3`,
    columnsOf(roles),
  )
  return rows
}

const dangerousRoles = [
  'pg_create_subscription',
  'pg_execute_server_program',
  'pg_maintain',
  'pg_monitor',
  'pg_read_all_data',
  'pg_read_all_stats',
  'pg_read_server_files',
  'pg_signal_backend',
  'pg_write_all_data',
  'pg_write_server_files',
]

/** Lists attributes and memberships that stand above every grant. A membership is named by the nearest such role. */
export async function selectDangerousAttributes(
  client: DatabaseClient,
  roles: readonly TenantRole[],
): Promise<readonly IsolationLeak[]> {
  const { rows } = await client.query<IsolationLeak>(
    `with tenant as (select * from unnest($1::text[], $2::text[], $3::text[]) as t(name, database, role)),
     danger as (
       select oid, rolname, case when rolsuper then ', a superuser' when rolbypassrls then ', which has BYPASSRLS'
           when rolcreaterole then ', which has CREATEROLE' when rolreplication then ', which has REPLICATION' else '' end as why
       from pg_catalog.pg_roles where rolname = any($4::text[]) or rolsuper or rolbypassrls or rolcreaterole or rolreplication
     ), held as (
       select t.name, r.oid, r.rolname, p.oid as danger, p.rolname as dangerous, p.why
       from tenant t join pg_catalog.pg_roles r on r.rolname = t.role and not r.rolsuper
       join danger p on p.oid <> r.oid and pg_has_role(r.oid, p.oid, 'MEMBER')
     )
     select tenant.role, tenant.name collate "C" as "ofTenant", 'every tenant' as reaches, found.grant collate "C" as grant, found.fix
     from tenant
     join pg_catalog.pg_roles r on r.rolname = tenant.role
     cross join lateral (
       select 'it has the attribute ' || upper(word) as grant, format('alter role %I no%s;', r.rolname, word) as fix
       from (values ('superuser', r.rolsuper), ('bypassrls', r.rolbypassrls), ('createrole', r.rolcreaterole),
         ('createdb', r.rolcreatedb), ('replication', r.rolreplication)) as attribute(word, has)
       where has
       union all
       select 'it is a member of ' || quote_ident(held.dangerous) || held.why,
         (select string_agg(distinct format('revoke %I from %I;', pg_get_userbyid(m.roleid), held.rolname), ' ')
          from pg_catalog.pg_auth_members m where m.member = held.oid and pg_has_role(m.roleid, held.danger, 'MEMBER'))
       from held where held.name = tenant.name and held.oid = r.oid
         and not exists (select from held nearer where nearer.oid = held.oid and nearer.name = held.name
           and nearer.danger <> held.danger and pg_has_role(nearer.danger, held.danger, 'MEMBER'))
     ) as found
     order by 2, 4`,
    [...columnsOf(roles), dangerousRoles],
  )
  return rows
}
