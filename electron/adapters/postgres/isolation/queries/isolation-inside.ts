import type { Tenant } from '../../../../../shared/topology/topology.ts'
import type { IsolationLeak } from '../../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../../session/database-client.ts'

/** Functions of PostgreSQL itself that read or write files of the server, which hold every database. */
const fileFunctions = [
  'lo_export',
  'lo_import',
  'pg_file_rename',
  'pg_file_sync',
  'pg_file_unlink',
  'pg_file_write',
  'pg_ls_dir',
  'pg_read_binary_file',
  'pg_read_file',
  'pg_stat_file',
]

/** Lists what raises a tenant's role above its own database from inside: files of the server, event triggers, subscriptions. */
export async function selectInsideWays(
  client: DatabaseClient,
  { name, database, appRole }: Tenant,
  otherDatabases: readonly string[],
  sharesDatabase: boolean,
): Promise<readonly IsolationLeak[]> {
  if (appRole === null) return []
  const { rows } = await client.query<IsolationLeak>(
    `with own as (
       select oid, rolname from pg_catalog.pg_roles where rolname = $1 and not rolsuper and rolname <> current_user
     ), way(reaches, "grant", fix, object) as (
       select 'files of the server', 'it may call ' || p.oid::regprocedure,
         format('revoke execute on function %s from public, %I;', p.oid::regprocedure, own.rolname), p.oid::regprocedure::text
       from own join pg_catalog.pg_proc p on p.proname = any($3::text[]) and has_function_privilege(own.oid, p.oid, 'EXECUTE')
       union all
       select 'whoever changes a schema there', format('it can replace %s, which event trigger %I runs with the rights of whoever fires it', p.oid::regprocedure, e.evtname),
         format('alter function %s owner to %I;', p.oid::regprocedure, current_user), quote_ident(e.evtname)
       from own join pg_catalog.pg_event_trigger e on true
       join pg_catalog.pg_proc p on p.oid = e.evtfoid and pg_has_role(own.oid, p.proowner, 'MEMBER')
       union all
       select 'the whole database', format('it owns database %I, and can change its settings for everybody', d.datname),
         format('alter database %I owner to %I;', d.datname, current_user), quote_ident(d.datname)
       from own join pg_catalog.pg_database d on d.datname = current_database() and pg_has_role(own.oid, d.datdba, 'MEMBER')
       where $5
     )
     select $1::text as role, $2::text as "ofTenant", way.reaches, way."grant",
       way.fix || ' -- in database ' || quote_ident($4::text) as fix, way.object
     from way order by 4`,
    [appRole, name, fileFunctions, database, sharesDatabase],
  )
  return [...rows, ...(await selectSubscriptions(client, { name, database, appRole }, otherDatabases))]
}

/** A subscription brings another database's rows here. Where it leads is seen by superusers only. */
async function selectSubscriptions(
  client: DatabaseClient,
  { name, database, appRole }: { readonly name: string; readonly database: string; readonly appRole: string },
  otherDatabases: readonly string[],
): Promise<readonly IsolationLeak[]> {
  const { rows: allowed } = await client.query<{ readonly sees: boolean }>(
    `select has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT') as sees`,
  )
  const way = allowed[0]?.sees ? 'subconninfo' : 'null::text'
  const { rows } = await client.query<{
    readonly label: string
    readonly way: string | null
    readonly owned: boolean
  }>(
    `select quote_ident(s.subname) as label, ${way} as way, coalesce(pg_has_role(r.oid, s.subowner, 'MEMBER') and not r.rolsuper, false) as owned
     from pg_catalog.pg_subscription s left join pg_catalog.pg_roles r on r.rolname = $1
     where s.subdbid = (select oid from pg_catalog.pg_database where datname = current_database()) order by 1`,
    [appRole],
  )
  return rows.flatMap(({ label, way: conninfo, owned }) => {
    const source = conninfo === null ? undefined : otherDatabases.find(other => leadsTo(conninfo, other))
    if (source === undefined && !owned) return []
    return [
      {
        role: appRole,
        ofTenant: name,
        reaches: source === undefined ? 'wherever it connects to' : `database ${source}`,
        grant: `subscription ${label} ${source === undefined ? 'is its own' : 'copies rows from there'}`,
        fix: `alter subscription ${label} disable; alter subscription ${label} set (slot_name = none); drop subscription ${label}; -- in database "${database.replaceAll('"', '""')}"`,
        object: label,
      },
    ]
  })
}

/** Whether a connection string, as words or as an address, names a database. */
function leadsTo(conninfo: string, database: string): boolean {
  const word = /(?:^|\s)dbname\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S+))/.exec(conninfo)
  if (word) return (word[1]?.replace(/\\(.)/g, '$1') ?? word[2]) === database
  const path = /^postgres(?:ql)?:\/\/[^/]*\/([^?]*)/.exec(conninfo)
  return path !== null && decodeURIComponent(path[1] ?? '') === database
}
