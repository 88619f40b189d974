/** Schemas, extensions, functions, types and whatever else belongs to no relation. */
export function selectRoutineItems(): readonly string[] {
  return [schemas, extensions, routines, eventTriggers, types, statistics, publications, foreignServers]
}

const schemas = `
select 'schema', quote_ident(nspname), '' from sch`

const extensions = `
select 'extension', quote_ident(extname), 'schema='||quote_ident(n.nspname)||' version='||extversion
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
where extname <> 'plpgsql'`

const routines = `
select case p.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end,
  quote_ident(s.nspname)||'.'||quote_ident(p.proname)||'('||pg_get_function_identity_arguments(p.oid)||')',
  case when p.prokind = 'a' then (
      select concat_ws(' ', aggtransfn::text, aggfinalfn::text, aggtranstype::regtype::text, agginitval, aggkind)
      from pg_aggregate ag where ag.aggfnoid = p.oid)
    else pg_get_functiondef(p.oid) end
from pg_proc p join sch s on s.oid = p.pronamespace
where not exists (select 1 from ext e where e.classid = 'pg_proc'::regclass and e.objid = p.oid)
  and not exists (
    select 1 from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')`

const eventTriggers = `
select 'event_trigger', quote_ident(evtname),
  concat_ws(' ', evtevent, evtfoid::regprocedure::text, evtenabled, evttags::text)
from pg_event_trigger ev
where not exists (select 1 from ext e where e.classid = 'pg_event_trigger'::regclass and e.objid = ev.oid)`

const types = `
select 'type', quote_ident(s.nspname)||'.'||quote_ident(t.typname),
  concat_ws(' ', 'type='||t.typtype::text,
    'labels='||(select string_agg(quote_literal(enumlabel), ',' order by enumsortorder)
      from pg_enum en where en.enumtypid = t.oid),
    'base='||case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end,
    'notnull='||case when t.typtype = 'd' then t.typnotnull::int::text end, 'default='||t.typdefault,
    'subtype='||(select format_type(rngsubtype, null) from pg_range rg where rg.rngtypid = t.oid))
from pg_type t join sch s on s.oid = t.typnamespace
where t.typtype in ('e', 'd', 'r')
  and not exists (select 1 from ext e where e.classid = 'pg_type'::regclass and e.objid = t.oid)`

const statistics = `
select 'statistics', quote_ident(s.nspname)||'.'||quote_ident(x.stxname), pg_get_statisticsobjdef(x.oid)
from pg_statistic_ext x join sch s on s.oid = x.stxnamespace`

const publications = `
select 'publication', quote_ident(pubname),
  concat_ws(' ', puballtables::int, pubinsert::int, pubupdate::int, pubdelete::int, pubtruncate::int,
    (select string_agg(prrelid::regclass::text, ',' order by prrelid::regclass::text collate "C")
     from pg_publication_rel pr where pr.prpubid = p.oid))
from pg_publication p`

const foreignServers = `
select 'foreign_server', quote_ident(srvname),
  concat_ws(' ', fdwname, srvtype, srvversion,
    (select string_agg(o, ',' order by o collate "C") from unnest(srvoptions) o))
from pg_foreign_server fs join pg_foreign_data_wrapper w on w.oid = fs.srvfdw`
