import type { HiddenRows } from '../../../../shared/analysis/hidden-rows.ts'
import type { ForeignKeyFacts } from '../../../engine/ports/gate-facts.ts'
import type { DatabaseClient } from '../session/database-client.ts'
import { sqlStateOf } from '../session/map-error.ts'
import { countOrphans, type ForeignKeyRow, limitStatements, selectForeignKeys } from './gate-foreign-keys.ts'

/** Cancelled by a time limit, of the statement or of a lock that another session holds. */
const outOfTime: ReadonlySet<string> = new Set(['57014', '55P03'])

/** Counts orphans behind every foreign key within one time limit for all of them; what is left over is not counted. */
export async function readForeignKeys(
  client: DatabaseClient,
  limitMs: number,
  isOurs: (table: string) => boolean,
): Promise<readonly ForeignKeyFacts[]> {
  const until = performance.now() + limitMs
  const keys = (await selectForeignKeys(client)).filter(({ table }) => isOurs(table))
  const facts: ForeignKeyFacts[] = []
  for (const key of keys) {
    const { table, constraint, validated, enforced, hidden, role } = key
    const isHidden = hidden.length > 0
    const orphans = isHidden ? null : await countInTime(client, key, until - performance.now())
    facts.push({
      table,
      constraint,
      validated,
      enforced,
      orphans: orphans ?? 0,
      counted: orphans !== null,
      query: `select c.* ${key.orphans};`,
      ...(isHidden ? { hidden: { role, tables: hidden } } : {}),
    })
  }
  return facts
}

/** Tables of foreign keys on which row-level security holds for the role; null where there are none. */
export async function readHiddenRows(
  client: DatabaseClient,
  isOurs: (table: string) => boolean,
): Promise<HiddenRows | null> {
  const keys = (await selectForeignKeys(client)).filter(({ table }) => isOurs(table))
  const tables = [...new Set(keys.flatMap(key => key.hidden))].sort()
  const [first] = keys
  return first && tables.length > 0 ? { role: first.role, tables } : null
}

async function countInTime(
  client: DatabaseClient,
  key: ForeignKeyRow,
  leftMs: number,
): Promise<number | null> {
  if (leftMs < 1) return null
  await limitStatements(client, Math.floor(leftMs))
  try {
    return await countOrphans(client, key)
  } catch (error) {
    if (outOfTime.has(sqlStateOf(error) ?? '')) return null
    throw error
  }
}
