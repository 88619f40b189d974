import type { VersionTable } from '../../../engine/ports/migration-source.ts'
import type { DatabaseClient } from '../session/database-client.ts'

/** A table whose rows can be copied. */
export interface RowTable {
  readonly name: string
  /** Columns that can be written, quoted. */
  readonly columns: readonly string[]
  /** Tables that its foreign keys point to. */
  readonly parents: readonly string[]
  /** Whether it says which revisions the tenant has: without its rows a copy is no copy. */
  readonly holdsVersions: boolean
}

/** Tables with rows of their own; generated columns are left out. */
export async function selectRowTables(
  client: DatabaseClient,
  versionTable: VersionTable | null,
): Promise<readonly RowTable[]> {
  const { rows } = await client.query<RowTable>(
    `
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name,
  array(select quote_ident(a.attname) from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
  array(select distinct quote_ident(pn.nspname)||'.'||quote_ident(p.relname) from pg_catalog.pg_constraint k
    join pg_catalog.pg_class p on p.oid = k.confrelid join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
    where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as parents,
  coalesce(n.nspname = $1 and c.relname = $2, false) as "holdsVersions"
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1`,
    [versionTable?.schema ?? null, versionTable?.name ?? null],
  )
  return rows
}

/** Materialized views that hold something, qualified and quoted. */
export async function selectPopulatedViews(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'm' and c.relispopulated and n.nspname !~ '^pg_' order by c.oid`)
  return rows.map(row => row.name)
}

/** Where each sequence stands, as the statement that puts another one there. */
export async function selectSequencePositions(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ statement: string }>(`
select format('select pg_catalog.setval(%L, %s)', quote_ident(schemaname)||'.'||quote_ident(sequencename), last_value) as statement
from pg_catalog.pg_sequences where last_value is not null order by 1`)
  return rows.map(row => row.statement)
}

/** Statements that take out the rows whose parents were left out of a sample. */
export async function selectOrphanCleaners(client: DatabaseClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ statement: string }>(`
select format('delete from %s c where %s and not exists (select from %s p where %s)', k.conrelid::regclass,
  (select string_agg(format('c.%I is not null', a.attname), ' and ') from unnest(k.conkey) as u(n)
    join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.n),
  k.confrelid::regclass,
  (select string_agg(format('p.%I = c.%I', pa.attname, ca.attname), ' and ') from unnest(k.conkey, k.confkey) as u(cn, pn)
    join pg_catalog.pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = u.cn
    join pg_catalog.pg_attribute pa on pa.attrelid = k.confrelid and pa.attnum = u.pn)) as statement
from pg_catalog.pg_constraint k where k.contype = 'f' and k.conparentid = 0 and k.convalidated order by k.oid`)
  return rows.map(row => row.statement)
}
