import {
  described,
  type FingerprintPart,
  hasOwn,
  isOwn,
  maskOptions,
  nameFunction,
  nameTable,
  rarely,
  sortWords,
} from './fingerprint-words.ts'
import type { NameRole } from './name-role.ts'

/** What leads out of the database: publications, subscriptions, foreign servers and who logs in there. */
export function selectLinkItems(nameRole: NameRole): readonly FingerprintPart[] {
  return [
    rarely('pg_publication', publications),
    described(publishedTables, hasOwn('pg_publication')),
    rarely('pg_publication', publishedSchemas),
    { select: subscriptions, when: 'exists (select 1 from pg_subscription)' },
    rarely('pg_foreign_data_wrapper', wrappers),
    rarely('pg_foreign_server', servers),
    { select: selectMappings(nameRole), when: hasOwn('pg_foreign_server') },
  ]
}

/** Generated columns can be published since 18: as JSON the column is found where there is one. */
const publications = `
select 'publication', quote_ident(p.pubname),
  concat_ws(' ', 'all='||p.puballtables::int, 'insert='||p.pubinsert::int, 'update='||p.pubupdate::int,
    'delete='||p.pubdelete::int, 'truncate='||p.pubtruncate::int, 'viaroot='||p.pubviaroot::int,
    'generated='||(to_jsonb(p)->>'pubgencols'))
from pg_publication p
where ${isOwn('pg_publication', 'p.oid')}`

/**
 * Row filters and column lists came with 15. The view prints them on every version that has them, but it prints all
 * columns where there is no list, so it is asked only about tables that have one.
 */
const publishedTables = `
select 'publication_table', quote_ident(p.pubname)||' '||r.fq,
  concat_ws(' ', 'columns='||case when to_jsonb(pr)->>'prattrs' is not null then v.columns end,
    'where='||v.filter),
  ${nameTable('r')}, null::json
from pg_publication_rel pr
join pg_publication p on p.oid = pr.prpubid
join rel r on r.oid = pr.prrelid
left join (
  select v.pubname, v.schemaname, v.tablename, to_jsonb(v)->>'attnames' as columns, to_jsonb(v)->>'rowfilter' as filter
  from pg_publication_tables v
  where v.pubname in (
    select p.pubname from pg_publication_rel pr join pg_publication p on p.oid = pr.prpubid
    where coalesce(to_jsonb(pr)->>'prattrs', to_jsonb(pr)->>'prqual') is not null)) v
  on v.pubname = p.pubname and v.schemaname = r.nspname and v.tablename = r.relname`

/** Publications of whole schemas came with 15, in a catalog that a statement for 14 must not name: its dependencies tell the same. */
const publishedSchemas = `
select 'publication_schema', quote_ident(p.pubname)||' '||quote_ident(s.nspname), ''
from pg_depend d
join pg_publication p on p.oid = d.refobjid
join pg_depend other on other.classid = d.classid and other.objid = d.objid
  and other.refclassid = 'pg_namespace'::regclass
join sch s on s.oid = other.refobjid
where d.classid = 6237 and d.refclassid = 'pg_publication'::regclass`

/** What every role may read, and what a copy keeps: neither the connection, nor the slot's name, nor whether it runs. */
const subscriptions = `
select 'subscription', quote_ident(s.subname),
  concat_ws(' ', 'publications='||${sortWords('s.subpublications')}, 'binary='||s.subbinary::int,
    'stream='||s.substream::text, 'commit='||s.subsynccommit)
from pg_subscription s
where s.subdbid = (select oid from pg_database where datname = current_database())`

const wrappers = `
select 'foreign_wrapper', quote_ident(w.fdwname),
  concat_ws(' ', 'handler='||${nameFunction('w.fdwhandler')}, 'validator='||${nameFunction('w.fdwvalidator')},
    'options='||${maskOptions('w.fdwoptions')})
from pg_foreign_data_wrapper w
where ${isOwn('pg_foreign_data_wrapper', 'w.oid')}`

const servers = `
select 'foreign_server', quote_ident(fs.srvname),
  concat_ws(' ', 'wrapper='||quote_ident(w.fdwname), 'type='||fs.srvtype, 'version='||fs.srvversion,
    'options='||${maskOptions('fs.srvoptions')})
from pg_foreign_server fs join pg_foreign_data_wrapper w on w.oid = fs.srvfdw
where ${isOwn('pg_foreign_server', 'fs.oid')}`

/** Names of the options only: the values may hold credentials. */
function selectMappings(nameRole: NameRole): string {
  return `
select 'user_mapping', case when m.umuser = 0 then 'public' else ${nameRole('m.umuser')} end||' '||quote_ident(m.srvname),
  concat_ws(' ', 'options='||(
    select string_agg(name, ',' order by name collate "C")
    from (select split_part(option, '=', 1) as name from unnest(m.umoptions) option) names))
from pg_user_mappings m`
}
