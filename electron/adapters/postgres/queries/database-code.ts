import type { DatabaseCode } from '../../../engine/ports/reach-facts.ts'
import type { DatabaseClient } from '../database-client.ts'

/** Longer bodies are read up to here. */
const longestBody = 200_000

const belongsToNone = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend x where x.classid = '${catalog}'::regclass and x.objid = ${oid} and x.deptype = 'e')`

/** Functions and procedures, triggers, event triggers and foreign tables of a database; those of extensions are left out. */
export async function selectDatabaseCode(client: DatabaseClient): Promise<DatabaseCode> {
  const routines = await client.query<DatabaseCode['routines'][number]>(
    `select p.proname::text as name, l.lanname::text as language, l.lanpltrusted as "isTrusted",
       left(coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''), ${longestBody}) as body
     from pg_proc p join pg_language l on l.oid = p.prolang join pg_namespace n on n.oid = p.pronamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and p.prokind in ('f', 'p')
       and ${belongsToNone('pg_proc', 'p.oid')}
     order by p.oid`,
  )
  const triggers = await client.query<DatabaseCode['triggers'][number]>(
    `select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as table, t.tgname::text as name,
       p.proname::text as routine
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
     join pg_proc p on p.oid = t.tgfoid
     where not t.tgisinternal and t.tgenabled <> 'D' order by 1, 2`,
  )
  const eventTriggers = await client.query<DatabaseCode['eventTriggers'][number]>(
    `select e.evtname::text as name, p.proname::text as routine
     from pg_event_trigger e join pg_proc p on p.oid = e.evtfoid where e.evtenabled <> 'D' order by 1`,
  )
  const foreign = await client.query<{ table: string }>(
    `select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as table
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'f' order by 1`,
  )
  return {
    routines: routines.rows,
    triggers: triggers.rows,
    eventTriggers: eventTriggers.rows,
    foreignTables: foreign.rows.map(row => row.table),
  }
}
