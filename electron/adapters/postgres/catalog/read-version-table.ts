import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { VersionTable } from '../../../engine/ports/migration-source.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'

/** A table that looks like Alembic's, and what it holds. */
export interface FoundVersionTable extends VersionTable {
  readonly heads: readonly string[]
}

const asking = {
  applicationName: 'lockstep fingerprint',
  statementTimeoutMs: 60_000,
  lockTimeoutMs: 2_000,
  answerTimeoutMs: 80_000,
  settings: { search_path: '', default_transaction_read_only: 'on' },
}

/**
 * The one table of a tenant that has the column of Alembic's version table; null where there is none.
 *
 * `several`: which of them is the project's, the catalog does not tell.
 */
export async function readVersionTable(
  settings: ServerSettings,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<FoundVersionTable | 'several' | null> {
  return await withClient(
    settings,
    tenant.database,
    asking,
    async client => {
      const { rows } =
        tenant.schema === undefined
          ? await client.query<VersionTable>(`${selectVersionTables} order by 1, 2`)
          : await client.query<VersionTable>(`${selectVersionTables} and n.nspname = $1`, [tenant.schema])
      const [table, another] = rows
      if (another) return 'several'
      if (!table) return null
      const held = await client.query<{ head: string }>(
        `select version_num::text as head from ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`,
      )
      return { ...table, heads: held.rows.map(row => row.head).sort() }
    },
    signal,
  )
}

const selectVersionTables = `select n.nspname as schema, c.relname as name
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where a.attname = 'version_num' and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`
