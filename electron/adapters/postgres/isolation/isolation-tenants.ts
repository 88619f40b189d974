import type { SharedTables } from '../../../engine/ports/gate-facts.ts'
import { quoteIdentifier } from '../../../sql/quote-identifier.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { listTriable } from './isolation-shared.ts'
import { selectReachableTables } from './queries/isolation-policies.ts'

/** How many tenants are tried: each pair is tried on every table. */
const mostTenants = 3

/** Tenants of shared tables, by the team's query or by the first table that holds two. */
export async function selectRowTenants(
  client: DatabaseClient,
  shared: SharedTables,
  role: string | null,
): Promise<readonly string[]> {
  if (shared.query !== null) {
    const { rows, columns } = await client.query<Record<string, unknown>>(shared.query)
    const [column = ''] = columns
    return rows.slice(0, mostTenants).map(row => String(row[column]))
  }
  if (role === null) return []
  const tables = listTriable(await selectReachableTables(client, role, shared.column), shared)
  const found = new Set<string>()
  const column = quoteIdentifier(shared.column)
  for (const { table, kind } of tables) {
    if (found.size >= 2) break
    if (kind !== 'r' && kind !== 'p') continue
    // The next greater value, again and again: quick with an index, and never more than a few scans.
    let last: string | null = null
    for (let step = 0; step < mostTenants; step += 1) {
      last = await selectNextValue(client, table, column, last)
      if (last === null) break
      found.add(last)
    }
  }
  return [...found].slice(0, mostTenants)
}

async function selectNextValue(
  client: DatabaseClient,
  table: string,
  column: string,
  after: string | null,
): Promise<string | null> {
  const condition = after === null ? `${column} is not null` : `${column} > $1`
  const { rows } = await client.query<{ readonly value: string }>(
    `select ${column}::text as value from ${table} where ${condition} order by ${column} limit 1`,
    after === null ? [] : [after],
  )
  return rows[0]?.value ?? null
}
