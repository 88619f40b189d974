import type { DatabaseCode, ImplicitCode } from '../../../engine/ports/reach-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** Longer texts are read up to here. */
const longestText = 200_000

const own = (alias: string): string =>
  `${alias}.nspname !~ '^pg_' and ${alias}.nspname <> 'information_schema'`
const nameOf = (relation: string, schema: string): string =>
  `quote_ident(${schema}.nspname)||'.'||quote_ident(${relation}.relname)`
const belongsToNone = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend x where x.classid = '${catalog}'::regclass and x.objid = ${oid} and x.deptype = 'e')`
const named = nameOf('c', 'n')
const ofTable = (oid: string): string =>
  `join pg_class c on c.oid = ${oid} join pg_namespace n on n.oid = c.relnamespace and ${own('n')}`

/** What is named here runs functions; what calls none is left out. */
const calls = '[[:alnum:]_"]\\('

const parts: readonly string[] = [
  // Defaults, and columns that are computed: a virtual one when it is read.
  `select ${named} as table, case when a.attgenerated = 'v' then 'read' when a.attgenerated = 's' then 'build' else 'write' end as when,
     format('the %s of %I of %s', case a.attgenerated when '' then 'default' else 'expression' end, a.attname, ${named}) as by,
     pg_get_expr(d.adbin, d.adrelid) as body
   from pg_attrdef d ${ofTable('d.adrelid')}
   join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
   where pg_get_expr(d.adbin, d.adrelid) !~ $1`,
  `select ${named}, 'build', format('the constraint %I of %s', k.conname, ${named}), pg_get_expr(k.conbin, k.conrelid)
   from pg_constraint k ${ofTable('k.conrelid')} where k.contype = 'c'`,
  `select null, 'build', format('the constraint %I of the domain %s', k.conname, format_type(k.contypid, null)),
     pg_get_constraintdef(k.oid)
   from pg_constraint k join pg_namespace n on n.oid = k.connamespace and ${own('n')} where k.contypid <> 0`,
  // What a table's columns bring with them, so that it is known where it runs.
  `select ${named}, 'write', format('the constraint %I of the domain %s', k.conname, format_type(k.contypid, null)),
     pg_get_constraintdef(k.oid)
   from pg_constraint k join pg_attribute a on a.atttypid = k.contypid and a.attnum > 0 and not a.attisdropped
   ${ofTable('a.attrelid')} where k.contypid <> 0 and c.relkind in ('r', 'p', 'f')`,
  `select null, 'build', format('the default of the domain %s', format_type(t.oid, null)), t.typdefault
   from pg_type t join pg_namespace n on n.oid = t.typnamespace and ${own('n')} where t.typtype = 'd'`,
  // Of an index, under its table's name and its own.
  `select case when u.isOwn then (select ${nameOf('ic', 'n')} from pg_class ic where ic.oid = i.indexrelid) else ${named} end,
     'build', format('the index %s of %s', i.indexrelid::regclass, ${named}),
     concat_ws(' ', pg_get_expr(i.indexprs, i.indrelid), pg_get_expr(i.indpred, i.indrelid))
   from pg_index i ${ofTable('i.indrelid')} cross join (values (true), (false)) u(isOwn)
   where i.indexprs is not null or i.indpred is not null`,
  `select ${named}, 'build', format('the statistics %I of %s', s.stxname, ${named}),
     array_to_string(pg_get_statisticsobjdef_expressions(s.oid), ' ')
   from pg_statistic_ext s ${ofTable('s.stxrelid')}`,
  `select ${named}, 'build', format('the partition key of %s', ${named}), pg_get_expr(p.partexprs, p.partrelid)
   from pg_partitioned_table p ${ofTable('p.partrelid')} where p.partexprs is not null`,
  `select ${named}, k.kind, format('the query of %s', ${named}), pg_get_viewdef(c.oid)
   from pg_class c join pg_namespace n on n.oid = c.relnamespace and ${own('n')}
   cross join lateral (select unnest(case when c.relkind = 'v' then array['read']
     when c.relispopulated then array['build', 'copy'] else array['build'] end) as kind) k
   where c.relkind in ('v', 'm') and ${belongsToNone('pg_class', 'c.oid')}`,
  `select ${named}, 'write', format('the rule %I of %s', r.rulename, ${named}), pg_get_ruledef(r.oid)
   from pg_rewrite r ${ofTable('r.ev_class')} where r.rulename <> '_RETURN' and r.ev_enabled <> 'D'`,
  `select ${named}, 'read', format('the policy %I of %s', p.polname, ${named}),
     concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
   from pg_policy p ${ofTable('p.polrelid')}`,
  `select ${named}, 'write', format('the condition of the trigger %I of %s', t.tgname, ${named}),
     substring(pg_get_triggerdef(t.oid) from ' WHEN (.*) EXECUTE FUNCTION ')
   from pg_trigger t ${ofTable('t.tgrelid')} where t.tgqual is not null and t.tgenabled <> 'D'`,
  `select ${named}, 'read', format('the foreign table %s', ${named}), 'copy from program'
   from pg_foreign_table f ${ofTable('f.ftrelid')} where f.ftoptions::text ~ '[{,"]program='`,
  // Functions of operators, casts, types and their classes: they run without being named.
  `select null, 'build', u.by, format('%I()', p.proname) from (
     select o.oprcode::oid, format('the operator %s', o.oprname) from pg_operator o
     union all select o.oprrest::oid, format('the operator %s', o.oprname) from pg_operator o
     union all select o.oprjoin::oid, format('the operator %s', o.oprname) from pg_operator o
     union all select k.castfunc, format('the cast of %s to %s', format_type(k.castsource, null), format_type(k.casttarget, null)) from pg_cast k
     union all select a.amproc::oid, format('the operator family %I', f.opfname) from pg_amproc a join pg_opfamily f on f.oid = a.amprocfamily
     union all select r.rngsubdiff::oid, format('the type %s', format_type(r.rngtypid, null)) from pg_range r
     union all select r.rngcanonical::oid, format('the type %s', format_type(r.rngtypid, null)) from pg_range r
     union all select f.proc::oid, format('the type %s', format_type(t.oid, null)) from pg_type t
       cross join lateral (values (t.typinput), (t.typoutput), (t.typreceive), (t.typsend), (t.typmodin), (t.typmodout), (t.typanalyze)) f(proc)
   ) u(proc, by) join pg_proc p on p.oid = u.proc join pg_namespace n on n.oid = p.pronamespace and ${own('n')}
   where ${belongsToNone('pg_proc', 'p.oid')}`,
]

/** What the statements of others run without naming it: defaults, constraints, views, rules, policies and the like. */
export async function selectImplicitCode(client: DatabaseClient): Promise<DatabaseCode['implicit']> {
  const login = await client.query<ImplicitCode>(
    `select null as table, 'copy' as when, format('the event trigger %I', e.evtname) as by, format('%I()', p.proname) as body
     from pg_event_trigger e join pg_proc p on p.oid = e.evtfoid where e.evtevent = 'login' and e.evtenabled <> 'D'`,
  )
  const { rows } = await client.query<ImplicitCode>(
    `select u."table", u."when", u.by, left(u.body, ${longestText}) as body
     from (${parts.join('\nunion all\n')}) u("table", "when", by, body)
     where u.body ~ $2 or u.body = 'copy from program' or (u."when" in ('read', 'build', 'write', 'copy') and u.by ~ '^the (query|rule|policy) ')`,
    [harmlessDefault, calls],
  )
  return [...login.rows, ...rows]
}

/** The defaults of nearly every column are left out unread. */
const harmlessDefault =
  "^(nextval\\('[^']*'::regclass\\)|now\\(\\)|gen_random_uuid\\(\\)|uuidv[47]\\(\\)|CURRENT_[A-Z]+|[^(]*)$"

/** Children of a table, what the keys of others cascade to, and what lies under a view. */
export async function selectFollowers(client: DatabaseClient): Promise<DatabaseCode['followers']> {
  const { rows } = await client.query<DatabaseCode['followers'][number]>(
    `select distinct ${nameOf('t', 'tn')} as table, ${nameOf('f', 'fn')} as follows
     from (
       select i.inhrelid, i.inhparent from pg_inherits i
       union all
       select k.conrelid, k.confrelid from pg_constraint k
       where k.contype = 'f' and (k.confdeltype in ('c', 'n', 'd') or k.confupdtype in ('c', 'n', 'd'))
       union all
       select d.refobjid, r.ev_class from pg_rewrite r join pg_class v on v.oid = r.ev_class and v.relkind = 'v'
       join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         and d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class
     ) p(relation, follows)
     join pg_class t on t.oid = p.relation and t.relkind in ('r', 'p', 'v', 'f') join pg_namespace tn on tn.oid = t.relnamespace and ${own('tn')}
     join pg_class f on f.oid = p.follows join pg_namespace fn on fn.oid = f.relnamespace and ${own('fn')}`,
  )
  return rows
}
