import {
  described,
  describeName,
  type FingerprintPart,
  firstOwnOid,
  hasOwn,
  isOwn,
  nameFunction,
  nameTable,
  qualify,
  rarely,
} from './fingerprint-words.ts'

/** Enums, domains, ranges, base types, collations, conversions and statistics objects. */
export function selectTypeItems(): readonly FingerprintPart[] {
  return [
    described(types, hasTypes),
    rarely('pg_collation', collations),
    rarely('pg_conversion', conversions),
    described(statistics, hasOwn('pg_statistic_ext')),
  ]
}

/** Every table brings the type of its rows, every type that of its arrays, and a range its multirange: those are no types of their own. */
const isSimple = `t.typtype in ('b', 'd', 'e', 'p', 'r') and t.typinput <> 'array_in'::regproc`

/** SQL that is true when there are types of a person's making. */
export const hasTypes = `(exists (select 1 from pg_type t where t.oid >= ${firstOwnOid} and ${isSimple})
  or exists (select 1 from pg_class where relkind = 'c'))`

/** SQL for the types of a person's making, with their qualified names. */
export const selectNamedTypes = `
  select t.*, s.nspname, ${qualify('s.nspname', 't.typname')} as fq
  from pg_type t
  join sch s on s.oid = t.typnamespace
  where (${isSimple} or exists (
      select 1 from pg_class c where c.oid = t.typrelid and t.typtype = 'c' and c.relkind = 'c'))
    and ${isOwn('pg_type', 't.oid')}`

/** The same where there are none. */
export const selectNoTypes = `
  select t.*, ''::name as nspname, '' as fq from pg_type t where false`

/** The default of a domain is printed again: its text in the catalog was written under the search_path of its author. */
const types = `
select 'type', t.fq,
  concat_ws(' ', 'type='||t.typtype::text,
    case when not t.typisdefined then 'shell' end,
    'labels='||case when t.typtype = 'e' then (
      select string_agg(quote_literal(enumlabel), ',' order by enumsortorder)
      from pg_enum en where en.enumtypid = t.oid) end,
    case when t.typtype = 'd' then concat_ws(' ', 'base='||format_type(t.typbasetype, t.typtypmod),
      'notnull='||t.typnotnull::int, 'default='||pg_get_expr(t.typdefaultbin, 0),
      'collate='||case when t.typcollation <> base.typcollation then t.typcollation::regcollation::text end) end,
    case when t.typtype = 'r' then concat_ws(' ', 'subtype='||format_type(rg.rngsubtype, null),
      'multirange='||format_type(rg.rngmultitypid, null),
      'collate='||nullif(rg.rngcollation, 0)::regcollation::text,
      'opclass='||${qualify('opn.nspname', 'opc.opcname')},
      'canonical='||${nameFunction('rg.rngcanonical')}, 'subdiff='||${nameFunction('rg.rngsubdiff')}) end,
    case when t.typtype = 'b' then concat_ws(' ', 'length='||t.typlen, 'byvalue='||t.typbyval::int,
      'category='||t.typcategory::text||t.typispreferred::int::text, 'delimiter='||t.typdelim::text,
      'align='||t.typalign::text, 'storage='||t.typstorage::text, 'element='||nullif(t.typelem, 0)::regtype::text,
      'default='||t.typdefault, 'collatable='||(t.typcollation <> 0)::int,
      'in='||${nameFunction('t.typinput')}, 'out='||${nameFunction('t.typoutput')},
      'receive='||${nameFunction('t.typreceive')}, 'send='||${nameFunction('t.typsend')},
      'modin='||${nameFunction('t.typmodin')}, 'modout='||${nameFunction('t.typmodout')},
      'analyze='||${nameFunction('t.typanalyze')}) end),
  null::name, null::name,
  json_build_object('is', 'type', 'name', ${describeName('t.nspname', 't.typname')}, 'labels', (
    select json_agg(en.enumlabel order by en.enumsortorder) from pg_enum en where en.enumtypid = t.oid))
from typ t
left join pg_type base on base.oid = t.typbasetype and t.typbasetype <> 0
left join pg_range rg on rg.rngtypid = t.oid
left join pg_opclass opc on opc.oid = rg.rngsubopc
left join pg_namespace opn on opn.oid = opc.opcnamespace
where t.typtype <> 'c'`

/** The version is the operating system's, not the schema's. The name of the locale moved twice: as JSON it is found on every version. */
const collations = `
select 'collation', ${qualify('s.nspname', 'c.collname')},
  concat_ws(' ', 'provider='||c.collprovider::text, 'deterministic='||c.collisdeterministic::int,
    'encoding='||c.collencoding, 'collate='||c.collcollate, 'ctype='||c.collctype,
    'locale='||coalesce(to_jsonb(c)->>'colllocale', to_jsonb(c)->>'colliculocale'),
    'rules='||(to_jsonb(c)->>'collicurules'))
from pg_collation c join sch s on s.oid = c.collnamespace
where ${isOwn('pg_collation', 'c.oid')}`

const conversions = `
select 'conversion', ${qualify('s.nspname', 'c.conname')},
  concat_ws(' ', pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding),
    c.conproc::regprocedure::text, 'default='||c.condefault::int)
from pg_conversion c join sch s on s.oid = c.connamespace
where ${isOwn('pg_conversion', 'c.oid')}`

const statistics = `
select 'statistics', ${qualify('s.nspname', 'x.stxname')},
  concat_ws(' ', pg_get_statisticsobjdef(x.oid), 'target='||nullif(x.stxstattarget, -1)),
  ${nameTable('r')}, null::json
from pg_statistic_ext x join sch s on s.oid = x.stxnamespace left join rel r on r.oid = x.stxrelid
where ${isOwn('pg_statistic_ext', 'x.oid')}`
