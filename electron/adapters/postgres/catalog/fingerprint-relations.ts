import {
  described,
  describeElement,
  describeName,
  type FingerprintPart,
  isAsMeant,
  joinElement,
  maskOptions,
  nameTable,
  sortWords,
} from './fingerprint-words.ts'

/** Tables, views, columns, constraints, indexes and sequences: what a relation is made of. */
export function selectRelationItems(): readonly FingerprintPart[] {
  return [
    ...[relations, columns, constraints, indexes, sequences].map(select => described(select)),
    described(unusualNotNulls, hasUnusualNotNulls),
  ]
}

const hasUnusualNotNulls = `exists (
  select 1 from pg_constraint where contype = 'n' and (not convalidated or connoinherit))`

/** Whether a materialized view is filled is data, as the position of a sequence is: a copy of the schema alone has neither. */
const relations = `
select case rel.relkind when 'v' then 'view' when 'm' then 'matview' when 'f' then 'foreign_table'
         when 'c' then 'composite' else 'table' end,
  rel.fq,
  concat_ws(' ', 'kind='||rel.relkind::text, 'persistence='||rel.relpersistence::text,
    'rls='||rel.relrowsecurity::int::text||rel.relforcerowsecurity::int::text,
    'replident='||rel.relreplident::text,
    'am='||am.amname,
    'opts='||case when rel.reloptions is not null then ${sortWords('rel.reloptions')} end,
    'toast='||case when toast.reloptions is not null then ${sortWords('toast.reloptions')} end,
    'tablespace='||space.spcname,
    'partkey='||case when rel.relkind = 'p' then pg_get_partkeydef(rel.oid) end,
    'bound='||case when rel.relispartition then pg_get_expr(rel.relpartbound, rel.oid) end,
    'inherits='||parents.list,
    'oftype='||case when rel.reloftype <> 0 then rel.reloftype::regtype::text end,
    'server='||quote_ident(server.srvname),
    'foreign='||case when ft.ftoptions is not null then ${maskOptions('ft.ftoptions')} end,
    'query='||case when rel.relkind in ('v', 'm') then pg_get_viewdef(rel.oid, false) end),
  ${nameTable('rel')},
  json_build_object('is', 'relation', 'name', ${describeName('rel.nspname', 'rel.relname')},
    'followsAnother', parents.list is not null or rel.reloftype <> 0)
from rel
left join pg_am am on am.oid = rel.relam
left join pg_tablespace space on space.oid = rel.reltablespace
left join pg_class toast on toast.oid = rel.reltoastrelid and toast.reloptions is not null
left join pg_foreign_table ft on ft.ftrelid = rel.oid
left join pg_foreign_server server on server.oid = ft.ftserver
left join (
  select inhrelid, string_agg(inhparent::regclass::text
    ||case when inhdetachpending then ' DETACH PENDING' else '' end, ',' order by inhseqno) as list
  from pg_inherits group by inhrelid) parents on parents.inhrelid = rel.oid
where rel.relkind in ('r', 'p', 'f', 'v', 'm', 'c')`

/**
 * The column before it, not attnum: dropped columns are history, not schema. Options that begin with `pg_` are
 * the server's own: PostgreSQL 15.20 stamps every column with `pg_attver`, which differs from database to database.
 * A column of an index counts only where it has statistics of its own.
 */
const columns = `
select case when r.relkind in ('i', 'I') then 'index_column' else 'column' end, r.fq||'.'||quote_ident(a.attname),
  concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    'collate='||quote_ident(cn.nspname)||'.'||quote_ident(co.collname),
    'identity='||nullif(a.attidentity::text, ''), 'generated='||nullif(a.attgenerated::text, ''),
    'default='||case when a.atthasdef then pg_get_expr(d.adbin, d.adrelid) end,
    'storage='||case when a.attstorage <> t.typstorage then a.attstorage::text end,
    'compression='||nullif(a.attcompression::text, ''),
    'stattarget='||nullif(a.attstattarget, -1)::text,
    'opts='||case when a.attoptions is not null then (
      select string_agg(o, ',' order by o collate "C") from unnest(a.attoptions) o where o !~ '^pg_') end,
    'foreign='||case when a.attfdwoptions is not null then ${maskOptions('a.attfdwoptions')} end,
    case when not a.attislocal or a.attinhcount <> 0 then
      'local='||a.attislocal::int::text||' inherited='||a.attinhcount end,
    'after='||quote_ident(lag(a.attname) over (partition by a.attrelid order by a.attnum))),
  ${nameTable('r')},
  case when r.relkind not in ('i', 'I') then json_build_object('is', 'column',
    'name', ${describeName('r.nspname', 'r.relname', 'a.attname')}, 'type', ${describeElement('t', 'a.atttypmod')},
    'tail', 'after='||quote_ident(lag(a.attname) over (partition by a.attrelid order by a.attnum))) end
from rel r
join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
${joinElement('t')}
left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
left join pg_collation co on co.oid = a.attcollation and a.attcollation <> t.typcollation
left join pg_namespace cn on cn.oid = co.collnamespace
where r.relkind in ('r', 'p', 'f', 'v', 'm', 'c') or (r.relkind in ('i', 'I') and a.attstattarget >= 0)`

/** A foreign key is kept by triggers of its own: switched off, they let orphans in while the constraint looks valid. */
const constraints = `
select 'constraint', coalesce(r.fq, ty.fq)||'.'||quote_ident(con.conname),
  concat_ws(' ', pg_get_constraintdef(con.oid, false), 'valid='||con.convalidated::int,
    'defer='||con.condeferrable::int::text||con.condeferred::int::text, 'local='||con.conislocal::int,
    'inherited='||nullif(con.coninhcount, 0), 'triggers='||off.enabled),
  ${nameTable('r')},
  json_build_object('is', 'constraint', 'isValid', ${isAsMeant('con')},
    'name', ${describeName('coalesce(r.nspname, ty.nspname)', 'coalesce(r.relname, ty.typname)', 'con.conname')})
from pg_constraint con
left join rel r on r.oid = con.conrelid and con.conrelid <> 0
left join typ ty on ty.oid = con.contypid and con.contypid <> 0
left join (
  select tgconstraint, string_agg(distinct tgenabled::text, '') as enabled
  from pg_trigger where tgisinternal and tgenabled <> 'O' group by tgconstraint) off on off.tgconstraint = con.oid
where (r.oid is not null or ty.oid is not null) and con.contype <> 'n' and con.contype <> 't'`

/** Since 18 NOT NULL is in the catalog too, under names that vary with history: only the unusual ones count. */
const unusualNotNulls = `
select 'constraint_nn', r.fq||'.'||quote_ident(a.attname),
  'valid='||con.convalidated::int||' noinherit='||con.connoinherit::int,
  ${nameTable('r')},
  json_build_object('is', 'constraint', 'name', ${describeName('r.nspname', 'r.relname', 'a.attname')},
    'isValid', ${isAsMeant('con')})
from pg_constraint con
join rel r on r.oid = con.conrelid
join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[1]
where con.contype = 'n' and (not con.convalidated or con.connoinherit)`

/** What stands behind the statement that would make an index. */
const indexTail = `concat_ws(' ', case when not i.indisvalid then 'valid=0' end,
    case when not i.indisready then 'ready=0' end, case when not i.indislive then 'live=0' end,
    case when i.indisprimary then 'primary' end, case when i.indisunique and not i.indimmediate then 'deferrable' end,
    case when i.indisreplident then 'replident' end, case when i.indisclustered then 'clustered' end,
    'tablespace='||space.spcname, 'parent='||inh.inhparent::regclass::text)`

const indexes = `
select 'index', ri.fq,
  concat_ws(' ', pg_get_indexdef(i.indexrelid, 0, false), nullif(${indexTail}, '')),
  ${nameTable('ri')},
  json_build_object('is', 'index', 'name', ${describeName('ri.nspname', 'ri.relname')},
    'isValid', i.indisvalid and i.indisready and i.indislive, 'tail', nullif(${indexTail}, ''))
from pg_index i
join rel ri on ri.oid = i.indexrelid
left join pg_tablespace space on space.oid = ri.reltablespace
left join pg_inherits inh on inh.inhrelid = i.indexrelid`

const sequences = `
select 'sequence', r.fq,
  concat_ws(' ', format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
    s.seqcycle, 'persistence='||r.relpersistence::text,
    'owned='||(select d.refobjid::regclass::text||'.'||quote_ident(a.attname)||':'||d.deptype::text
      from pg_depend d
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
        and d.refobjsubid > 0 and d.deptype in ('a', 'i'))),
  ${nameTable('r')}, json_build_object('is', 'sequence', 'name', ${describeName('r.nspname', 'r.relname')})
from pg_sequence s join rel r on r.oid = s.seqrelid`
