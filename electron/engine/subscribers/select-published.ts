import { quoteIdentifier } from '../../sql/quote-identifier.ts'
import type { Publication, PublishedTable } from '../ports/subscriber-facts.ts'

/** What is published of one tenant, to one subscriber. */
export interface PublishedSchema {
  readonly tables: readonly PublishedTable[]
  /** Schemas whose new tables are published by themselves. */
  readonly newTables: Publication['newTables']
}

/** What these publications send together; of a tenant that is a schema, what lies in it. */
export function selectPublished(
  publications: readonly Publication[],
  names: readonly string[] | null,
  schema?: string,
): PublishedSchema {
  const chosen = publications.filter(({ name }) => names === null || names.includes(name))
  const tables = new Map<string, PublishedTable>()
  for (const table of chosen.flatMap(one => one.tables)) {
    if (schema !== undefined && !isIn(table.table, schema)) continue
    const known = tables.get(table.table)
    // A list of columns in one publication does not narrow what another one sends.
    if (!known || known.isFixed) tables.set(table.table, table)
  }
  const whole = chosen.some(one => one.newTables === 'all')
  const newTables = whole ? 'all' : chosen.flatMap(one => (one.newTables === 'all' ? [] : one.newTables))
  return { tables: [...tables.values()], newTables }
}

function isIn(table: string, schema: string): boolean {
  return table.startsWith(`${schema}.`) || table.startsWith(`${quoteIdentifier(schema)}.`)
}
