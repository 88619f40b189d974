import type { DatabaseClient } from '../../session/database-client.ts'

/** A function or procedure of users, with what decides whose rights it gives to whom. */
export interface RoutineFacts {
  readonly label: string
  readonly kind: 'function' | 'procedure'
  readonly schema: string
  readonly owner: string
  /** It runs with its owner's rights. */
  readonly definer: boolean
  /** Its owner is a superuser or stands above policies or grants. */
  readonly privileged: boolean
  /** It sets the search path that its names are looked up by. */
  readonly fixedPath: boolean
  /** Body and settings, as text. */
  readonly body: string
  /** Of the roles asked about, those that may call it; empty when it runs with the caller's rights. */
  readonly callers: readonly string[]
}

/** Reads the functions and procedures of users; those of extensions are left out. */
export async function selectRoutines(
  client: DatabaseClient,
  roles: readonly string[],
): Promise<readonly RoutineFacts[]> {
  const { rows } = await client.query<RoutineFacts>(
    `with caller as (
       select oid, rolname from pg_catalog.pg_roles where rolname = any($1::text[]) and not rolsuper and rolname <> current_user
     )
     select p.oid::regprocedure::text as label, case p.prokind when 'p' then 'procedure' else 'function' end as kind,
       n.nspname::text as schema, o.rolname::text as owner, p.prosecdef as definer,
       o.rolsuper or o.rolbypassrls or o.rolcreaterole or o.rolreplication as privileged,
       exists (select from unnest(p.proconfig) c where c ilike 'search_path=%') as "fixedPath",
       concat_ws(' ', p.prosrc, pg_get_function_sqlbody(p.oid), array_to_string(p.proconfig, ' ')) as body,
       case when p.prosecdef then array(select rolname::text from caller
         where has_function_privilege(caller.oid, p.oid, 'EXECUTE') and has_schema_privilege(caller.oid, n.oid, 'USAGE')
         order by rolname collate "C") else '{}'::text[] end as callers
     from pg_catalog.pg_proc p
     join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     join pg_catalog.pg_roles o on o.oid = p.proowner
     where p.prokind <> 'a' and not exists (select from pg_catalog.pg_depend d
       where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
     order by p.oid::regprocedure::text collate "C"`,
    [roles],
  )
  return rows
}
