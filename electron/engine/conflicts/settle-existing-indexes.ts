import { type CatalogItem, definitionWithoutTail, isValid } from '../../catalog/catalog-item.ts'
import { makesSameIndex } from '../../sql/makes-same-index.ts'
import type { SqlParser } from '../ports/sql-parser.ts'
import type { Conflict } from './conflict.ts'
import type { RouteStep } from './route-statement.ts'

/** Leaves out an index that an attempt to make it concurrently has left: what broke off is removed, and nothing is made twice. */
export async function settleExistingIndexes(
  conflicts: readonly Conflict[],
  steps: readonly RouteStep[],
  items: readonly CatalogItem[],
  parser: Pick<SqlParser, 'parse'>,
): Promise<readonly Conflict[]> {
  const settled: Conflict[] = []
  for (const conflict of conflicts) {
    const sql = findConcurrent(conflict, steps)
    const [ident = ''] = conflict.objects
    const found = sql === null ? undefined : items.find(item => item.kind === 'index' && item.ident === ident)
    const isInNobodysWay =
      found !== undefined &&
      (!isValid(found) || (await makesSameIndex(parser, sql ?? '', definitionWithoutTail(found))))
    if (!isInNobodysWay) settled.push(conflict)
  }
  return settled
}

/** The statement that makes an index concurrently where its name is taken; null for any other conflict. */
function findConcurrent({ rule, revision, statement }: Conflict, steps: readonly RouteStep[]): string | null {
  if (rule !== 'already_exists') return null
  const step = steps.find(one => one.revision === revision)
  const found = step?.statements.find(
    one => one.index === statement && one.parsed.createsIndexConcurrently !== undefined,
  )
  return found?.sql ?? null
}
