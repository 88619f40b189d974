import {
  described,
  type FingerprintPart,
  firstOwnOid,
  isOwn,
  nameFunction,
  qualify,
  rarely,
} from './fingerprint-words.ts'

/** Schemas, extensions, and everything that is called: functions, aggregates, languages, casts, transforms. */
export function selectRoutineItems(): readonly FingerprintPart[] {
  return [
    described(schemas),
    rarely('pg_extension', extensions),
    rarely('pg_proc', routines),
    {
      select: aggregates,
      when: `exists (select 1 from pg_proc where oid >= ${firstOwnOid} and prokind = 'a')`,
    },
    rarely('pg_language', languages),
    rarely('pg_cast', casts),
    rarely('pg_transform', transforms),
  ]
}

const schemas = `
select 'schema', quote_ident(nspname), '', null::name, null::name, json_build_object('is', 'schema', 'name', nspname)
from sch`

const extensions = `
select 'extension', quote_ident(extname), 'schema='||quote_ident(n.nspname)||' version='||extversion
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
where extname <> 'plpgsql'`

/** SQL for the name of a function that may share it with others. */
export const routineName = `${qualify('s.nspname', 'p.proname')}||'('||pg_get_function_identity_arguments(p.oid)||')'`

/** A range type brings its own constructors. */
const isWritten = `${isOwn('pg_proc', 'p.oid')}
  and not exists (
    select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')`

const routines = `
select case p.prokind when 'p' then 'procedure' else 'function' end, ${routineName}, pg_get_functiondef(p.oid)
from pg_proc p join sch s on s.oid = p.pronamespace
where p.prokind <> 'a' and ${isWritten}`

const aggregates = `
select 'aggregate', ${routineName},
  concat_ws(' ', 'returns='||format_type(p.prorettype, null), 'parallel='||p.proparallel::text,
    'kind='||ag.aggkind::text||ag.aggnumdirectargs,
    'step='||${nameFunction('ag.aggtransfn')}, 'final='||${nameFunction('ag.aggfinalfn')},
    'combine='||${nameFunction('ag.aggcombinefn')}, 'serial='||${nameFunction('ag.aggserialfn')},
    'deserial='||${nameFunction('ag.aggdeserialfn')}, 'mstep='||${nameFunction('ag.aggmtransfn')},
    'minverse='||${nameFunction('ag.aggminvtransfn')}, 'mfinal='||${nameFunction('ag.aggmfinalfn')},
    'extra='||ag.aggfinalextra::int::text||ag.aggmfinalextra::int::text,
    'modify='||ag.aggfinalmodify::text||ag.aggmfinalmodify::text,
    'sort='||nullif(ag.aggsortop, 0)::regoperator::text,
    'state='||format_type(ag.aggtranstype, null)||ag.aggtransspace,
    'mstate='||format_type(nullif(ag.aggmtranstype, 0), null)||ag.aggmtransspace,
    'initial='||ag.agginitval, 'minitial='||ag.aggminitval)
from pg_aggregate ag
join pg_proc p on p.oid = ag.aggfnoid
join sch s on s.oid = p.pronamespace
where ${isOwn('pg_proc', 'p.oid')}`

const languages = `
select 'language', quote_ident(l.lanname),
  concat_ws(' ', 'trusted='||l.lanpltrusted::int, 'handler='||${nameFunction('l.lanplcallfoid')},
    'inline='||${nameFunction('l.laninline')}, 'validator='||${nameFunction('l.lanvalidator')})
from pg_language l
where l.oid >= ${firstOwnOid} and ${isOwn('pg_language', 'l.oid')}`

const casts = `
select 'cast', '('||format_type(c.castsource, null)||' as '||format_type(c.casttarget, null)||')',
  concat_ws(' ', 'function='||${nameFunction('c.castfunc')}, 'context='||c.castcontext::text,
    'method='||c.castmethod::text)
from pg_cast c
where c.oid >= ${firstOwnOid} and ${isOwn('pg_cast', 'c.oid')}`

const transforms = `
select 'transform', format_type(t.trftype, null)||' '||quote_ident(l.lanname),
  concat_ws(' ', 'from='||${nameFunction('t.trffromsql')}, 'to='||${nameFunction('t.trftosql')})
from pg_transform t join pg_language l on l.oid = t.trflang
where t.oid >= ${firstOwnOid} and ${isOwn('pg_transform', 't.oid')}`
