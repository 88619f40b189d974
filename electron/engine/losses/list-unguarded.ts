import type { PlannedStep } from '../../../shared/plan/plan.ts'
import { listNames } from '../../../shared/text/plain-words.ts'
import type { DroppedThing } from './count-losses.ts'

/**
 * What steps outside a transaction take with them: others may write to it until it is gone, because no lock on it
 * outlives a statement. In words; empty when there is nothing of the kind.
 */
export function listUnguarded(
  dropped: readonly DroppedThing[],
  steps: readonly PlannedStep[],
): readonly string[] {
  return steps
    .filter(step => !step.transactional)
    .flatMap(step => {
      const tables = [...new Set(dropped.map(thing => thing.table))].filter(table => mayTouch(step, table))
      if (tables.length === 0) return []
      return [
        `what others write to ${listNames(tables)} until it is gone: undoing revision ${step.revision} runs outside a transaction, so nothing keeps them from it`,
      ]
    })
}

/** What was not rendered may touch anything, and so may a block or a call. */
function mayTouch({ statements, unrendered }: PlannedStep, table: string): boolean {
  if (unrendered !== '') return true
  return statements.some(({ sql, tables }) => {
    if (isIndexStatement(sql)) return false
    return tables.length === 0 || tables.includes(table)
  })
}

function isIndexStatement(sql: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:create\s+(?:unique\s+)?index|drop\s+index|reindex|vacuum|analyze)\b/i.test(
    sql,
  )
}
