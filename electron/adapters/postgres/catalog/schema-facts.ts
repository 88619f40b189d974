import type { PolicyFacts, SchemaFacts, TableFacts, TableShape } from '../../../engine/ports/schema-facts.ts'
import { showsAllRows } from '../../../sql/guard-rows.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { primaryServerOf } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { describeType } from './fingerprint-words.ts'
import { planNamesOf } from './narrow-to-schema.ts'
import { readColumnTypes, type WithSelectedTypes } from './read-column-type.ts'

const asking = {
  applicationName: 'lockstep foresight',
  statementTimeoutMs: 15_000,
  lockTimeoutMs: 2_000,
  settings: { search_path: '', default_transaction_read_only: 'on' },
}

/** Reads what PostgreSQL knows of a tenant's tables without counting anything. */
export function createSchemaFacts(servers: readonly ServerSettings[]): SchemaFacts {
  return {
    readTables: async (tenant, signal) =>
      planNamesOf(
        tenant,
        await withClient(primaryServerOf(servers, tenant), tenant.database, asking, selectTables, signal),
      ),
    readShapes: async (tenant, signal) =>
      planNamesOf(
        tenant,
        await withClient(primaryServerOf(servers, tenant), tenant.database, asking, selectShapes, signal),
      ),
    readPolicies: async (tenant, signal) => {
      const primary = primaryServerOf(servers, tenant)
      const facts = await withClient(primary, tenant.database, asking, selectPolicies, signal)
      return { ...facts, tables: planNamesOf(tenant, facts.tables) }
    },
  }
}

async function selectPolicies(client: DatabaseClient): Promise<PolicyFacts> {
  const { rows } = await client.query<PolicyFacts['tables'][number]>(`
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as "table", c.relrowsecurity as "isEnabled",
  c.relforcerowsecurity as "isForced", pg_has_role(c.relowner, 'usage') as "isOwner", ${showsAllRows('c')} as "showsAll"
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and (c.relrowsecurity or c.relforcerowsecurity or not pg_has_role(c.relowner, 'usage'))
order by 1`)
  const [own] = (
    await client.query<{ bypasses: boolean }>(
      'select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user',
    )
  ).rows
  return { bypasses: own?.bypasses ?? false, tables: rows }
}

async function selectTables(client: DatabaseClient): Promise<readonly TableFacts[]> {
  const { rows } = await client.query<{ name: string; rows: number | null; bytes: string }>(`
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name, size.rows, size.bytes::text as bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
cross join lateral (
  select case when c.reltuples < 0 then null else c.reltuples::float8 end as rows,
    pg_total_relation_size(c.oid) as bytes where c.relkind <> 'p'
  union all
  select sum(leaf.reltuples::float8) filter (where leaf.reltuples >= 0), coalesce(sum(pg_total_relation_size(leaf.oid)), 0)
  from pg_partition_tree(c.oid) part join pg_class leaf on leaf.oid = part.relid
  where c.relkind = 'p' and part.isleaf having c.relkind = 'p'
) size
where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1`)
  return rows.map(({ name, rows: estimate, bytes }) => ({
    table: name,
    rows: estimate,
    bytes: Number(bytes),
  }))
}

/** The server compares what it prints itself. Of a row type, this condition says more than that a column is not null. */
const selectNotNull = `(select a.attname from pg_attribute a join pg_type t on t.oid = a.atttypid
      where k.contype = 'c' and cardinality(k.conkey) = 1 and a.attrelid = c.oid and a.attnum = k.conkey[1]
        and t.typtype <> 'c' and pg_get_expr(k.conbin, k.conrelid) = '('||quote_ident(a.attname)||' IS NOT NULL)')`

async function selectShapes(client: DatabaseClient): Promise<readonly TableShape[]> {
  const { rows } = await client.query<WithSelectedTypes<TableShape>>(`
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as "table", c.relkind::text as kind,
  (select coalesce(json_agg(json_build_object('name', a.attname, 'type', ${describeType('a.atttypid', 'a.atttypmod')},
      -- Since PostgreSQL 18 a column is marked before its constraint is validated.
      'isNotNull', a.attnotnull and not exists (select from pg_constraint k where k.conrelid = c.oid
        and k.contype = 'n' and not k.convalidated and a.attnum = any (k.conkey))) order by a.attnum), '[]')
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select coalesce(json_agg(json_build_object('name', k.conname, 'kind', k.contype::text,
      'notNull', ${selectNotNull}, 'isValid', k.convalidated,
      'columns', (select coalesce(json_agg(a.attname order by u.place), '[]')
        from unnest(k.conkey) with ordinality u(number, place)
        join pg_attribute a on a.attrelid = c.oid and a.attnum = u.number)) order by k.conname), '[]')
    from pg_constraint k where k.conrelid = c.oid) as constraints,
  (select coalesce(json_agg(json_build_object('name', ic.relname, 'isUnique', i.indisunique, 'isValid', i.indisvalid,
      'isWhole', i.indpred is null, 'method', m.amname,
      'columns', (select coalesce(json_agg(a.attname order by u.place), '[]')
        from unnest(i.indkey::int2[]) with ordinality u(number, place)
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = u.number and u.number > 0
        where u.place <= i.indnkeyatts)) order by ic.relname), '[]')
    from pg_index i join pg_class ic on ic.oid = i.indexrelid join pg_am m on m.oid = ic.relam
    where i.indrelid = c.oid) as indexes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by 1`)
  return rows.map(shape => ({ ...shape, columns: readColumnTypes(shape.columns) }))
}
