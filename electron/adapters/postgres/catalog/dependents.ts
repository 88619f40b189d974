import type { Dependent, Dependents } from '../../../engine/ports/dependents.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { primaryServerOf } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { elementOf } from './fingerprint-words.ts'
import { callAsPlanned } from './narrow-to-schema.ts'

const asking = { applicationName: 'lockstep foresight', statementTimeoutMs: 15_000, lockTimeoutMs: 2_000 }
const withoutPath = { ...asking, settings: { search_path: '', default_transaction_read_only: 'on' } }

/** Reads what hangs on tables, columns and types from PostgreSQL's own list of dependencies. */
export function createDependents(servers: readonly ServerSettings[]): Dependents {
  return {
    readDependents: async (tenant, signal) => {
      const primary = primaryServerOf(servers, tenant)
      const found = await withClient(primary, tenant.database, withoutPath, selectDependents, signal)
      const call = callAsPlanned(tenant)
      return found.map(one => ({ ...one, on: call(one.on), name: call(one.name) }))
    },
    // As a login finds it: its own setting, the database's or the server's.
    readDefaultSchema: (tenant, signal) =>
      withClient(primaryServerOf(servers, tenant), tenant.database, asking, selectDefaultSchema, signal),
  }
}

async function selectDefaultSchema(client: DatabaseClient): Promise<string | null> {
  const { rows } = await client.query<{ name: string | null }>('select current_schema()::text as name')
  return rows[0]?.name ?? null
}

/** Only what has to be dropped first: what goes with its owner by itself is no obstacle. */
async function selectDependents(client: DatabaseClient): Promise<readonly Dependent[]> {
  const { rows } = await client.query<Dependent>(`
with own as (
  select oid, quote_ident(nspname) as name from pg_namespace
  where nspname !~ '^pg_' and nspname <> 'information_schema'),
rel as (
  select c.oid, c.relkind, n.name||'.'||quote_ident(c.relname) as name
  from pg_class c join own n on n.oid = c.relnamespace),
needed as (
  select d.classid, d.objid, d.objsubid, r.name as on, 'relation' as "onKind", a.attname as column, r.oid as owner
  from pg_depend d
  join rel r on r.oid = d.refobjid
  left join pg_attribute a on a.attrelid = r.oid and a.attnum = d.refobjsubid and d.refobjsubid > 0
  where d.refclassid = 'pg_class'::regclass and d.deptype = 'n'
  union all
  select d.classid, d.objid, d.objsubid, n.name||'.'||quote_ident(t.typname), 'type', null, 0
  from pg_depend d
  join pg_type named on named.oid = d.refobjid
  -- What holds an array needs the type of its elements.
  join pg_type t on t.oid = ${elementOf('named')}
  join own n on n.oid = t.typnamespace
  where d.refclassid = 'pg_type'::regclass and d.deptype = 'n' and t.typrelid = 0),
dependents as (
  select n.*, case v.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'rule' end as kind,
    v.name||case when v.relkind in ('v', 'm') then '' else '.'||quote_ident(w.rulename) end as name
  from needed n join pg_rewrite w on n.classid = 'pg_rewrite'::regclass and w.oid = n.objid
  join rel v on v.oid = w.ev_class
  where v.oid <> n.owner
  union all
  select n.*, 'trigger', r.name||'.'||quote_ident(t.tgname)
  from needed n join pg_trigger t on n.classid = 'pg_trigger'::regclass and t.oid = n.objid and not t.tgisinternal
  join rel r on r.oid = t.tgrelid
  union all
  select n.*, 'policy', r.name||'.'||quote_ident(p.polname)
  from needed n join pg_policy p on n.classid = 'pg_policy'::regclass and p.oid = n.objid
  join rel r on r.oid = p.polrelid
  union all
  select n.*, 'foreign key', r.name||'.'||quote_ident(k.conname)
  from needed n join pg_constraint k on n.classid = 'pg_constraint'::regclass and k.oid = n.objid and k.contype = 'f'
  join rel r on r.oid = k.conrelid
  where r.oid <> n.owner and k.conparentid = 0
  union all
  select n.*, 'function', f.name||'.'||quote_ident(p.proname)||'('||pg_get_function_identity_arguments(p.oid)||')'
  from needed n join pg_proc p on n.classid = 'pg_proc'::regclass and p.oid = n.objid
  join own f on f.oid = p.pronamespace
  union all
  select n.*, 'generated column', r.name||'.'||quote_ident(a.attname)
  from needed n join pg_attrdef e on n.classid = 'pg_attrdef'::regclass and e.oid = n.objid
  join rel r on r.oid = e.adrelid
  join pg_attribute a on a.attrelid = e.adrelid and a.attnum = e.adnum and a.attgenerated <> ''
  union all
  select n.*, 'column', r.name||'.'||quote_ident(a.attname)
  from needed n join rel r on n.classid = 'pg_class'::regclass and r.oid = n.objid and r.relkind in ('r', 'p', 'f')
  join pg_attribute a on a.attrelid = r.oid and a.attnum = n.objsubid and n.objsubid > 0 and not a.attisdropped
  where n."onKind" = 'type'
  union all
  select n.*, 'domain', d.name||'.'||quote_ident(t.typname)
  from needed n join pg_type t on n.classid = 'pg_type'::regclass and t.oid = n.objid and t.typtype = 'd'
  join own d on d.oid = t.typnamespace)
select distinct "on", "onKind", "column", kind, name from dependents
order by 1, 3 nulls first, 4, 5`)
  return rows
}
