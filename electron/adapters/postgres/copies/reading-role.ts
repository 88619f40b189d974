import type { DatabaseClient } from '../session/database-client.ts'

/** The owner of a database, where the login has its rights only by taking its role; null where it has them, or never. */
export async function selectOwnerToTake(
  client: DatabaseClient,
  database: string,
): Promise<{ readonly name: string; readonly login: string } | null> {
  const { rows } = await client.query<{ name: string; login: string }>(
    `select r.rolname::text as name, session_user::text as login
     from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.oid = d.datdba
     where d.datname = $1 and not pg_catalog.pg_has_role(current_user, r.oid, 'usage')
       and pg_catalog.pg_has_role(session_user, r.oid, 'member')`,
    [database],
  )
  return rows[0] ?? null
}

/**
 * The role that a login has to take to read every table of a database, as a dump does; null where it needs none, or none is enough.
 *
 * Asked in that database. The role that a setting of the database makes of the login comes first, since a copy lacks the
 * setting while it is filled. Roles of superusers are left alone: whoever may become one has not asked for it.
 */
export async function selectReadingRole(client: DatabaseClient): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    `with tables as materialized (
       select c.oid, c.relnamespace from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
     lacking as (
       select exists (select from tables t, unnest(array[session_user, current_user]) as who
         where not pg_catalog.has_table_privilege(who, t.oid, 'select')
           or not pg_catalog.has_schema_privilege(who, t.relnamespace, 'usage')) as something)
     select r.rolname::text as name from pg_catalog.pg_roles r
     where (select something from lacking)
       and (r.rolname = current_user or not r.rolsuper)
       and pg_catalog.pg_has_role(session_user, r.oid, 'member')
       and not exists (select from tables t where not pg_catalog.has_table_privilege(r.oid, t.oid, 'select')
         or not pg_catalog.has_schema_privilege(r.oid, t.relnamespace, 'usage'))
     order by r.rolname = current_user desc,
       r.oid = (select datdba from pg_catalog.pg_database where datname = current_database()) desc, r.rolname
     limit 1`,
  )
  return rows[0]?.name ?? null
}
