import {
  type FingerprintPart,
  firstOwnOid,
  isOwn,
  nameFunction,
  qualify,
  rarely,
} from './fingerprint-words.ts'

/** Operators with their classes and families, access methods, and text search. */
export function selectOperatorItems(): readonly FingerprintPart[] {
  return [
    rarely('pg_operator', operators),
    rarely('pg_opclass', operatorClasses),
    rarely('pg_opfamily', operatorFamilies),
    rarely('pg_am', accessMethods),
    rarely('pg_ts_parser', searchParsers),
    rarely('pg_ts_template', searchTemplates),
    rarely('pg_ts_dict', searchDictionaries),
    rarely('pg_ts_config', searchConfigurations),
  ]
}

const operators = `
select 'operator', o.oid::regoperator::text,
  concat_ws(' ', 'function='||${nameFunction('o.oprcode')}, 'result='||format_type(nullif(o.oprresult, 0), null),
    'commutator='||nullif(o.oprcom, 0)::regoperator::text, 'negator='||nullif(o.oprnegate, 0)::regoperator::text,
    'restrict='||${nameFunction('o.oprrest')}, 'join='||${nameFunction('o.oprjoin')},
    'merges='||o.oprcanmerge::int, 'hashes='||o.oprcanhash::int)
from pg_operator o join sch s on s.oid = o.oprnamespace
where ${isOwn('pg_operator', 'o.oid')}`

const operatorClasses = `
select 'operator_class', ${qualify('s.nspname', 'c.opcname')}||' '||am.amname,
  concat_ws(' ', 'type='||format_type(c.opcintype, null), 'default='||c.opcdefault::int,
    'key='||format_type(nullif(c.opckeytype, 0), null), 'family='||${qualify('fn.nspname', 'f.opfname')})
from pg_opclass c
join sch s on s.oid = c.opcnamespace
join pg_am am on am.oid = c.opcmethod
join pg_opfamily f on f.oid = c.opcfamily
join pg_namespace fn on fn.oid = f.opfnamespace
where ${isOwn('pg_opclass', 'c.oid')}`

const operatorFamilies = `
select 'operator_family', ${qualify('s.nspname', 'f.opfname')}||' '||am.amname,
  concat_ws(' ',
    'operators='||(
      select string_agg(member, ', ' order by member collate "C") from (
        select concat_ws(' ', m.amopstrategy, m.amopopr::regoperator::text, m.amoppurpose::text,
          'by '||${qualify('bn.nspname', 'b.opfname')}) as member
        from pg_amop m
        left join pg_opfamily b on b.oid = m.amopsortfamily and m.amopsortfamily <> 0
        left join pg_namespace bn on bn.oid = b.opfnamespace
        where m.amopfamily = f.oid) members),
    'functions='||(
      select string_agg(member, ', ' order by member collate "C") from (
        select concat_ws(' ', m.amprocnum, format_type(m.amproclefttype, null),
          format_type(m.amprocrighttype, null), m.amproc::regprocedure::text) as member
        from pg_amproc m where m.amprocfamily = f.oid) members))
from pg_opfamily f
join sch s on s.oid = f.opfnamespace
join pg_am am on am.oid = f.opfmethod
where ${isOwn('pg_opfamily', 'f.oid')}`

const accessMethods = `
select 'access_method', quote_ident(a.amname), a.amtype::text||' '||a.amhandler::regproc::text
from pg_am a
where a.oid >= ${firstOwnOid} and ${isOwn('pg_am', 'a.oid')}`

const searchParsers = `
select 'text_search_parser', ${qualify('s.nspname', 'p.prsname')},
  concat_ws(' ', p.prsstart::regproc, p.prstoken::regproc, p.prsend::regproc, p.prsheadline::regproc, p.prslextype::regproc)
from pg_ts_parser p join sch s on s.oid = p.prsnamespace
where ${isOwn('pg_ts_parser', 'p.oid')}`

const searchTemplates = `
select 'text_search_template', ${qualify('s.nspname', 't.tmplname')},
  concat_ws(' ', t.tmplinit::regproc, t.tmpllexize::regproc)
from pg_ts_template t join sch s on s.oid = t.tmplnamespace
where ${isOwn('pg_ts_template', 't.oid')}`

const searchDictionaries = `
select 'text_search_dictionary', ${qualify('s.nspname', 'd.dictname')},
  concat_ws(' ', 'template='||${qualify('tn.nspname', 't.tmplname')}, d.dictinitoption)
from pg_ts_dict d
join sch s on s.oid = d.dictnamespace
join pg_ts_template t on t.oid = d.dicttemplate
join pg_namespace tn on tn.oid = t.tmplnamespace
where ${isOwn('pg_ts_dict', 'd.oid')}`

const searchConfigurations = `
select 'text_search_configuration', ${qualify('s.nspname', 'c.cfgname')},
  concat_ws(' ', 'parser='||${qualify('pn.nspname', 'p.prsname')},
    'mappings='||(
      select string_agg(m.maptokentype||':'||m.mapseqno||':'||m.mapdict::regdictionary::text, ','
        order by m.maptokentype, m.mapseqno)
      from pg_ts_config_map m where m.mapcfg = c.oid))
from pg_ts_config c
join sch s on s.oid = c.cfgnamespace
join pg_ts_parser p on p.oid = c.cfgparser
join pg_namespace pn on pn.oid = p.prsnamespace
where ${isOwn('pg_ts_config', 'c.oid')}`
