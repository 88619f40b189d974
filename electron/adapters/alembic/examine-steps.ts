import type { PlannedStep } from '../../../shared/plan/plan.ts'
import type { SqlParser } from '../../engine/ports/sql-parser.ts'

/** Holds the statements of revisions against what is known of files of SQL: what cannot vote is split off in the same way. */
export async function examineSteps(
  steps: readonly PlannedStep[],
  parser: SqlParser,
): Promise<readonly PlannedStep[]> {
  return await Promise.all(steps.map(step => examineStep(step, parser)))
}

async function examineStep(step: PlannedStep, parser: SqlParser): Promise<PlannedStep> {
  // The runner knows more of what stands in Python, such as an autocommit block.
  if (!step.transactional) return step
  for (const sql of [...step.statements.map(statement => statement.sql), ...(step.sourceSql ?? [])]) {
    const found = (await parser.describe(sql)).find(
      ({ transactional, preparable, control }) => !control && !(transactional && preparable),
    )
    if (found) return { ...step, transactional: false, reason: found.reason }
  }
  return step
}
