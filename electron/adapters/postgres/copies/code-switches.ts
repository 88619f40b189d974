import type { DatabaseClient } from '../session/database-client.ts'

/** Statements that switch the code of a database off, and those that put it back to how it was. */
export interface CodeSwitches {
  readonly off: readonly string[]
  readonly on: readonly string[]
}

/** How a trigger or a rule is enabled: always, on replicas, or as usual. */
const enableAs = (state: string): string =>
  `case ${state} when 'A' then 'enable always' when 'R' then 'enable replica' else 'enable' end`

const ofTable = (oid: string): string =>
  `join pg_catalog.pg_class c on c.oid = ${oid} and c.relkind in ('r', 'p', 'f')
   join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`
const table = `quote_ident(n.nspname)||'.'||quote_ident(c.relname)`
/** A partition takes over what its parent is told, so parents come first. */
const depth = '(select count(*)::int from pg_catalog.pg_partition_ancestors(c.oid))'

const selectSwitches = `
select kind, off, "on" from (
  select 0 as kind, 0 as depth, evtname::text as name,
    format('alter event trigger %I disable', evtname) as off,
    format('alter event trigger %I ', evtname) || ${enableAs('evtenabled')} as "on"
  from pg_catalog.pg_event_trigger where evtenabled <> 'D'
  union all
  select 1, ${depth}, ${table}||'.'||t.tgname,
    format('alter table only %s disable trigger %I', ${table}, t.tgname),
    format('alter table only %s ', ${table}) || ${enableAs('t.tgenabled')} || format(' trigger %I', t.tgname)
  from pg_catalog.pg_trigger t ${ofTable('t.tgrelid')}
  where t.tgenabled <> 'D'
    -- Foreign keys and deferred constraints have triggers of their own, which only a superuser may switch off.
    and not exists (select from pg_catalog.pg_constraint k where k.oid = t.tgconstraint and k.contype <> 't')
  union all
  select 2, 0, ${table}||'.'||r.rulename,
    format('alter table %s disable rule %I', ${table}, r.rulename),
    format('alter table %s ', ${table}) || ${enableAs('r.ev_enabled')} || format(' rule %I', r.rulename)
  from pg_catalog.pg_rewrite r ${ofTable('r.ev_class')}
  where r.ev_enabled <> 'D' and r.rulename <> '_RETURN'
) switches order by kind, depth, name`

/** Everything that rows and changes of the schema set off and that can be switched off: event triggers, triggers and rules. */
export async function selectCodeSwitches(client: DatabaseClient): Promise<CodeSwitches> {
  const { rows } = await client.query<{
    readonly kind: number
    readonly off: string
    readonly on: string
  }>(selectSwitches)
  // Switching the others is a change of the schema, of which event triggers must see nothing.
  const [events, others] = [rows.filter(({ kind }) => kind === 0), rows.filter(({ kind }) => kind !== 0)]
  return {
    off: [...events, ...others].map(({ off }) => off),
    on: [...others, ...events].map(({ on }) => on),
  }
}
