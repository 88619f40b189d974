import type { DatabaseCode } from '../../../engine/ports/reach-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { selectFollowers, selectImplicitCode } from './implicit-code.ts'

/** Longer bodies are read up to here. */
const longestBody = 200_000

const belongsToNone = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend x where x.classid = '${catalog}'::regclass and x.objid = ${oid} and x.deptype = 'e')`

/** An aggregate has no body: it calls others. */
const calledByAggregate = `(select string_agg(format('%I()', q.proname), ' ') from pg_aggregate a
         join pg_proc q on q.oid in (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
           a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn) where a.aggfnoid = p.oid)`

/** The code of a database: functions without those of extensions, triggers, and what statements run without naming it. */
export async function selectDatabaseCode(client: DatabaseClient): Promise<DatabaseCode> {
  const routines = await client.query<DatabaseCode['routines'][number]>(
    `select p.proname::text as name, l.lanname::text as language, l.lanpltrusted as "isTrusted",
       left(concat_ws(' ', coalesce(nullif(p.prosrc, ''), pg_get_function_sqlbody(p.oid), ''),
         pg_get_expr(p.proargdefaults, 0), ${calledByAggregate}), ${longestBody}) as body
     from pg_proc p join pg_language l on l.oid = p.prolang join pg_namespace n on n.oid = p.pronamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
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
  const extensions = await client.query<{ name: string }>(
    'select extname::text as name from pg_extension order by 1',
  )
  return {
    implicit: await selectImplicitCode(client),
    followers: await selectFollowers(client),
    extensions: extensions.rows.map(({ name }) => name),
    routines: routines.rows,
    triggers: triggers.rows,
    eventTriggers: eventTriggers.rows,
    foreignTables: foreign.rows.map(row => row.table),
  }
}
