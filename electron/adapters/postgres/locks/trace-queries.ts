import type { TraceQuery } from '../../../engine/ports/lock-trace.ts'
import { copyNamePattern } from '../../../naming/copy-name.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** What only the lock tells that changing it takes. */
export const shownByLock = 'passwords or rights to settings'

const isNoCopy = `datname !~ '${copyNamePattern}'`
const copies = `(select oid from pg_database where datname ~ '${copyNamePattern}')`

/** Of each catalog what tells one state from another. Passwords and rights to settings show by the lock that changing them takes. */
const sharedStates: readonly (readonly [string, string, string])[] = [
  ['roles', 'r', 'pg_roles r'],
  ['memberships of roles', 'm', 'pg_auth_members m'],
  ['settings of roles and databases', 's', `pg_db_role_setting s where setdatabase not in ${copies}`],
  [
    'databases',
    '(datname, datdba, datistemplate, datallowconn, datconnlimit, dattablespace, datacl)',
    `pg_database where ${isNoCopy}`,
  ],
  ['tablespaces', 't', 'pg_tablespace t'],
  [
    'subscriptions',
    '(subdbid, subname, subowner, subenabled, subslotname, subpublications)',
    `pg_subscription where subdbid not in ${copies}`,
  ],
  ['comments on shared objects', 'd', `pg_shdescription d where objoid not in ${copies}`],
  ['security labels of shared objects', 'l', `pg_shseclabel l where objoid not in ${copies}`],
  ['replication slots', '(slot_name, slot_type)', 'pg_replication_slots where not temporary'],
  ['replication origins', 'o', 'pg_replication_origin o'],
  // pg_authid, pg_auth_members and pg_parameter_acl by their fixed identifiers.
  [
    shownByLock,
    '(relation, mode)',
    `pg_locks where pid = pg_backend_pid() and locktype = 'relation' and database = 0
    and relation in (1260, 1261, 6243) and mode like '%Exclusive%'`,
  ],
]

const sharedQuery = sharedStates
  .map(
    ([what, columns, from]) =>
      `select '${what}' as what, md5(coalesce(string_agg((${columns})::text, ';' order by (${columns})::text), '')) as state from ${from}`,
  )
  .join('\nunion all ')

/** What all databases share, as the transaction of this session would leave it: one state of each catalog. */
export async function selectSharedStates(client: DatabaseClient): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ readonly what: string; readonly state: string }>(sharedQuery)
  return new Map(rows.map(({ what, state }) => [what, state]))
}

/**
 * What a migrating session is asked about itself, with an empty search path and in a savepoint that is given back.
 *
 * They read catalogs, locks and counters only, so they add no lock on a user's relation and no scan of one. Every
 * column is text, so that all drivers give the same. Identifiers from 16384 on are a user's; TOAST tables belong to
 * the table that they serve, and another session's temporary tables do not matter here.
 */
export const traceQueries: readonly TraceQuery[] = [
  {
    name: 'relations',
    once: true,
    sql: `select c.oid::text as oid, c.relkind::text as kind, c.relfilenode::text as file,
       quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.oid >= 16384 and c.relkind in ('r', 'p', 'i', 'I', 'S', 'm', 'v', 'f') and n.nspname !~ '^pg_(toast|temp)'`,
  },
  // The session's own transaction is in it too, by which statements outside of one can be told apart.
  {
    name: 'locks',
    sql: `select l.locktype as type, l.relation::text as oid, l.mode, l.virtualtransaction as transaction
from pg_locks l
where l.pid = pg_backend_pid() and (l.locktype = 'virtualxid' or l.locktype = 'relation' and l.relation >= 16384)`,
  },
  // A file is rewritten only under a lock that stays; once a statement is over outside a transaction, none is left.
  {
    name: 'files',
    sql: `with mine as (select l.relation from pg_locks l
  where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384)
select c.oid::text as oid, c.relkind::text as kind, c.relfilenode::text as file,
       quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.oid >= 16384 and c.relkind in ('r', 'i', 'm') and n.nspname !~ '^pg_(toast|temp)'
  and (c.oid in (select relation from mine) or not exists (select from mine))`,
  },
  // What all databases share, as this transaction would leave it; a scratch copy belongs to no tenant.
  {
    name: 'shared',
    sql: sharedQuery,
  },
  // Counters of a transaction are with its session until it ends; then, sooner or later, with the server.
  {
    name: 'scans',
    sql: `with holds as (select exists (select from pg_locks l
  where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.relation >= 16384) as locks)
select s.* from holds, lateral (
  select c.oid::text as oid,
    pg_stat_get_xact_numscans(c.oid)::text as own_scans,
    pg_stat_get_xact_tuples_returned(c.oid)::text as own_rows,
    (case when holds.locks then 0 else pg_stat_get_numscans(c.oid) end)::text as told_scans,
    (case when holds.locks then 0 else pg_stat_get_tuples_returned(c.oid) end)::text as told_rows
  from pg_class c where c.oid >= 16384 and c.relkind in ('r', 'm')) s
where s.own_scans <> '0' or s.told_scans <> '0'`,
  },
  // As the inspection before the vote has them, named by their relation, with what tells a new one from a renamed one.
  {
    name: 'invalid',
    sql: `select 'index '||i.indexrelid as id, quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
where not (i.indisvalid and i.indisready and i.indislive) and n.nspname !~ '^pg_'
union all
select 'constraint '||con.oid,
  case when con.conrelid <> 0 then con.conrelid::regclass::text else con.contypid::regtype::text end
  ||'.'||quote_ident(case when con.contype = 'n' then a.attname else con.conname end)
from pg_constraint con
left join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[1] and con.contype = 'n'
where not con.convalidated and coalesce((to_jsonb(con)->>'conenforced')::boolean, true)`,
  },
]
