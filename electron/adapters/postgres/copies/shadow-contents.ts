import { toFailure } from '../../../../shared/failure/failure.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import type { TableContents } from '../../../engine/ports/shadows.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import { planNamesOf } from '../catalog/narrow-to-schema.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import { findReadingRole } from './find-reading-role.ts'

interface TableRow {
  readonly table: string
  readonly identity: string
  readonly columns: readonly { readonly name: string; readonly number: number; readonly type: string }[]
}

/** Counts what every table of a copy holds, column by column. */
export async function readContents(
  settings: ServerSettings,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<readonly TableContents[]> {
  const options = { applicationName: 'lockstep shadow', settings: { search_path: '', row_security: 'off' } }
  const { database, schema } = tenant
  const role = await findReadingRole(settings, database, signal)
  const asRole = role === null ? {} : { role }
  const counted = await withClient(
    settings,
    database,
    { ...options, settings: { ...options.settings, ...asRole } },
    client => countTables(client, schema ?? null),
    signal,
  )
  return planNamesOf(tenant, counted)
}

async function countTables(client: DatabaseClient, schema: string | null): Promise<readonly TableContents[]> {
  const { rows } = await client.query<TableRow>(selectTables, [schema])
  const contents: TableContents[] = []
  for (const row of rows) contents.push(await countTable(client, row).catch(error => leaveOut(row, error)))
  return contents
}

/** What cannot be counted, such as rows that a policy hides from the role, is no reason to count nothing. */
function leaveOut({ table, identity, columns }: TableRow, error: unknown): TableContents {
  const failure = toFailure(error)
  if (failure.kind !== 'database_error' || failure.sqlstate.startsWith('57')) throw error
  return {
    table,
    identity,
    rows: 0,
    columns: columns.map(({ name, number, type }) => ({
      column: name,
      identity: String(number),
      type,
      filled: 0,
      digest: '',
    })),
    notCounted: failure.message,
  }
}

/** A partition is counted by itself, and its parent only by its own rows. Of a tenant that is a schema: that, and what all share. */
const selectTables = `
select quote_ident(n.nspname)||'.'||quote_ident(c.relname) as table, c.oid::text as identity,
  coalesce((select jsonb_agg(jsonb_build_object('name', a.attname, 'number', a.attnum,
      'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
    from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and ($1::text is null or n.nspname in ($1, 'public'))
order by 1`

async function countTable(
  client: DatabaseClient,
  { table, identity, columns }: TableRow,
): Promise<TableContents> {
  const counts = columns.flatMap(({ name }, index) => {
    const column = `t.${quoteIdentifier(name)}`
    return [
      `count(${column})::text as ${quoteIdentifier(`filled ${index}`)}`,
      `coalesce(sum(hashtextextended(${column}::text, 0)::numeric), 0)::text as ${quoteIdentifier(`digest ${index}`)}`,
    ]
  })
  const { rows } = await client.query<Record<string, string>>(
    `select ${['count(*)::text as rows', ...counts].join(', ')} from only ${table} t`,
  )
  const [row = {}] = rows
  return {
    table,
    identity,
    rows: Number(row.rows),
    columns: columns.map(({ name, number, type }, index) => ({
      column: name,
      identity: String(number),
      type,
      filled: Number(row[`filled ${index}`]),
      digest: row[`digest ${index}`] ?? '',
    })),
  }
}
