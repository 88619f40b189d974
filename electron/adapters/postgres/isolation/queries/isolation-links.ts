import type { Tenant } from '../../../../../shared/topology/topology.ts'
import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'

/** Lists ways out of a tenant's database that its own role may use: foreign servers that lead to another tenant, and dblink. */
export async function selectLinks(
  client: DatabaseClient,
  { name, database, appRole }: Tenant,
  otherDatabases: readonly string[],
): Promise<readonly IsolationLeak[]> {
  if (appRole === null) return []
  const { rows } = await client.query<IsolationLeak>(
    `with own as (
       select oid, rolname from pg_catalog.pg_roles where rolname = $1 and not rolsuper and rolname <> current_user
     ), server as (
       select s.oid, s.srvname, s.srvacl, s.srvowner,
         (select substr(o, 8) from unnest(s.srvoptions) o where o like 'dbname=%') as dbname
       from pg_catalog.pg_foreign_server s join pg_catalog.pg_foreign_data_wrapper w on w.oid = s.srvfdw
       where w.fdwname in ('postgres_fdw', 'dblink_fdw')
     ), link("grant", fix) as (
       select 'foreign server ' || quote_ident(srvname) || coalesce(' (dbname=' || dbname || ')', ' (no dbname)')
           || case when mapped then ', with a user mapping' else ', which it may use' end,
         case when usable then format('revoke usage on foreign server %I from public, %I; ', srvname, own.rolname) else '' end
           || case when mapped then format('drop user mapping if exists for %I server %I; drop user mapping if exists for public server %I;',
              own.rolname, srvname, srvname) else '' end
       from server cross join own
       cross join lateral (select
         has_server_privilege(own.oid, server.oid, 'USAGE') as usable,
         exists (select from pg_catalog.pg_user_mappings m where m.srvid = server.oid and m.umuser in (0, own.oid)) as mapped) as way
       where (usable or mapped) and (dbname is null or dbname = any($2::text[]))
       union all
       select 'it may call ' || string_agg(p.oid::regprocedure::text, ', ' order by p.oid::regprocedure::text collate "C"),
         'revoke execute on function ' || string_agg(p.oid::regprocedure::text, ', ' order by p.oid::regprocedure::text collate "C")
           || format(' from public, %I;', min(own.rolname))
       from own cross join pg_catalog.pg_proc p
       join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
       join pg_catalog.pg_extension e on e.oid = d.refobjid and e.extname = 'dblink'
       where p.proname in ('dblink', 'dblink_exec', 'dblink_connect', 'dblink_connect_u', 'dblink_send_query')
         and has_function_privilege(own.oid, p.oid, 'EXECUTE')
       having count(*) > 0
       union all
       select 'it may use the foreign data wrapper ' || quote_ident(w.fdwname),
         format('revoke usage on foreign data wrapper %I from public, %I;', w.fdwname, own.rolname)
       from own cross join pg_catalog.pg_foreign_data_wrapper w
       where w.fdwname in ('postgres_fdw', 'dblink_fdw') and has_foreign_data_wrapper_privilege(own.oid, w.oid, 'USAGE')
     )
     select $1::text as role, $3::text as "ofTenant", 'other databases from within ' || quote_ident($4::text) as reaches,
       link."grant", btrim(link.fix) || ' -- in database ' || quote_ident($4::text) as fix
     from link order by link."grant" collate "C"`,
    [appRole, otherDatabases, name, database],
  )
  return rows
}
