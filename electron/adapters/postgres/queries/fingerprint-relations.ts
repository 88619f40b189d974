import type { NameRole } from './name-role.ts'

/** Tables, views, columns, constraints, indexes, sequences: everything that hangs on a relation. */
export function selectRelationItems(nameRole: NameRole): readonly string[] {
  return [
    relations,
    columns,
    constraints,
    unusualNotNulls,
    indexes,
    sequences,
    triggers,
    rules,
    comments,
  ].concat(selectPolicies(nameRole))
}

const relations = `
select case relkind when 'v' then 'view' when 'm' then 'matview' when 'f' then 'foreign_table'
         when 'c' then 'composite' else 'table' end,
  fq,
  concat_ws(' ', 'kind='||relkind::text, 'persistence='||relpersistence::text,
    'rls='||relrowsecurity::int::text||relforcerowsecurity::int::text,
    'replident='||relreplident::text,
    'am='||(select amname from pg_am where pg_am.oid = rel.relam),
    'opts='||(select string_agg(o, ',' order by o collate "C") from unnest(reloptions) o),
    'tablespace='||(select spcname from pg_tablespace t where t.oid = rel.reltablespace),
    'partkey='||case when relkind = 'p' then pg_get_partkeydef(rel.oid) end,
    'bound='||case when relispartition then pg_get_expr(relpartbound, rel.oid) end,
    'inherits='||(select string_agg(inhparent::regclass::text
        ||case when inhdetachpending then ' DETACH PENDING' else '' end, ',' order by inhseqno)
      from pg_inherits where inhrelid = rel.oid),
    'oftype='||case when reloftype <> 0 then reloftype::regtype::text end,
    'server='||(select s.srvname from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver
      where f.ftrelid = rel.oid),
    'query='||case when relkind in ('v', 'm') then pg_get_viewdef(rel.oid, false) end,
    'populated='||case when relkind = 'm' then relispopulated::text end)
from rel where relkind in ('r', 'p', 'f', 'v', 'm', 'c')`

/**
 * The rank among live columns, not attnum: dropped columns are history, not schema. Options that begin with `pg_` are
 * the server's own: PostgreSQL 15.20 stamps every column with `pg_attver`, which differs from database to database.
 */
const columns = `
select 'column', r.fq||'.'||quote_ident(a.attname),
  concat_ws(' ', 'ord='||row_number() over (partition by a.attrelid order by a.attnum),
    format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    'collate='||(select quote_ident(cn.nspname)||'.'||quote_ident(co.collname)
      from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace
      where co.oid = a.attcollation and a.attcollation <> t.typcollation),
    'identity='||nullif(a.attidentity::text, ''), 'generated='||nullif(a.attgenerated::text, ''),
    'default='||pg_get_expr(d.adbin, d.adrelid),
    'storage='||case when a.attstorage <> t.typstorage then a.attstorage::text end,
    'compression='||nullif(a.attcompression::text, ''),
    'stattarget='||nullif(nullif(a.attstattarget, -1), 0)::text,
    'opts='||(select string_agg(o, ',' order by o collate "C") from unnest(a.attoptions) o where o !~ '^pg_'), 'local='||a.attislocal::int::text||a.attinhcount::text)
from rel r
join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
where r.relkind in ('r', 'p', 'f', 'v', 'm', 'c')`

const constraints = `
select 'constraint', coalesce(r.fq, ty.fq)||'.'||quote_ident(con.conname),
  concat_ws(' ', pg_get_constraintdef(con.oid, false), 'valid='||con.convalidated::int,
    'defer='||con.condeferrable::int::text||con.condeferred::int::text, 'local='||con.conislocal::int)
from pg_constraint con
left join rel r on r.oid = con.conrelid and con.conrelid <> 0
left join lateral (
  select quote_ident(s.nspname)||'.'||quote_ident(t.typname) as fq
  from pg_type t join sch s on s.oid = t.typnamespace
  where t.oid = con.contypid
    and not exists (select 1 from ext e where e.classid = 'pg_type'::regclass and e.objid = t.oid)) ty on true
where (r.oid is not null or ty.fq is not null) and con.contype <> 'n' and con.contype <> 't'`

/** Since 18 NOT NULL is in the catalog too, under names that vary with history: only the unusual ones count. */
const unusualNotNulls = `
select 'constraint_nn', r.fq||'.'||quote_ident(a.attname),
  'valid='||con.convalidated::int||' noinherit='||con.connoinherit::int
from pg_constraint con
join rel r on r.oid = con.conrelid
join pg_attribute a on a.attrelid = con.conrelid and a.attnum = con.conkey[1]
where con.contype = 'n' and (not con.convalidated or con.connoinherit)`

const indexes = `
select 'index', ri.fq,
  concat_ws(' ', pg_get_indexdef(i.indexrelid, 0, false), 'valid='||i.indisvalid::int,
    'ready='||i.indisready::int, 'live='||i.indislive::int, 'primary='||i.indisprimary::int,
    'unique='||i.indisunique::int, 'immediate='||i.indimmediate::int,
    'replident='||i.indisreplident::int, 'clustered='||i.indisclustered::int)
from pg_index i join rel ri on ri.oid = i.indexrelid`

const sequences = `
select 'sequence', r.fq,
  concat_ws(' ', format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
    s.seqcycle, 'persistence='||r.relpersistence::text,
    'owned='||(select d.refobjid::regclass::text||'.'||quote_ident(a.attname)||':'||d.deptype::text
      from pg_depend d
      join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_class'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
        and d.refobjsubid > 0 and d.deptype in ('a', 'i')))
from pg_sequence s join rel r on r.oid = s.seqrelid`

const triggers = `
select 'trigger', r.fq||'.'||quote_ident(t.tgname),
  pg_get_triggerdef(t.oid, false)||' enabled='||t.tgenabled::text
from pg_trigger t join rel r on r.oid = t.tgrelid
where not t.tgisinternal and t.tgparentid = 0`

const rules = `
select 'rule', r.fq||'.'||quote_ident(w.rulename), pg_get_ruledef(w.oid, false)||' enabled='||w.ev_enabled::text
from pg_rewrite w join rel r on r.oid = w.ev_class
where w.rulename <> '_RETURN'`

const comments = `
select 'comment', r.fq||coalesce('.'||quote_ident(a.attname), ''), d.description
from pg_description d
join rel r on r.oid = d.objoid
left join pg_attribute a on a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0
where d.classoid = 'pg_class'::regclass`

function selectPolicies(nameRole: NameRole): string {
  const name = `case when x = 0 then 'public' else ${nameRole('x')} end`
  return `
select 'policy', r.fq||'.'||quote_ident(p.polname),
  concat_ws(' ', 'cmd='||p.polcmd::text, 'permissive='||p.polpermissive::int,
    'roles='||(select string_agg(${name}, ',' order by ${name} collate "C") from unnest(p.polroles) x),
    'using='||pg_get_expr(p.polqual, p.polrelid), 'check='||pg_get_expr(p.polwithcheck, p.polrelid))
from pg_policy p join rel r on r.oid = p.polrelid`
}
