import type { SchemaFacts, TableFacts } from '../../engine/ports/schema-facts.ts'
import type { DatabaseClient } from './database-client.ts'
import { primaryOf } from './gate-facts.ts'
import type { ServerSettings } from './server-settings.ts'
import { withClient } from './with-client.ts'

const asking = {
  applicationName: 'lockstep foresight',
  statementTimeoutMs: 15_000,
  lockTimeoutMs: 2_000,
  settings: { search_path: '', default_transaction_read_only: 'on' },
}

/** Reads what PostgreSQL knows of a tenant's tables without counting anything. */
export function createSchemaFacts(servers: readonly ServerSettings[]): SchemaFacts {
  return {
    readTables: (tenant, signal) =>
      withClient(primaryOf(servers, tenant), tenant.database, asking, selectTables, signal),
  }
}

async function selectTables(client: DatabaseClient): Promise<readonly TableFacts[]> {
  const { rows } = await client.query<{ name: string; rows: number | null; bytes: string }>(`
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as name,
  case when c.reltuples < 0 then null else c.reltuples::float8 end as rows,
  pg_total_relation_size(c.oid)::text as bytes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by name collate "C"`)
  return rows.map(({ name, rows: estimate, bytes }) => ({
    table: name,
    rows: estimate,
    bytes: Number(bytes),
  }))
}
