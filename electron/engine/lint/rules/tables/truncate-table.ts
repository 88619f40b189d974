import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelations } from '../../tree/relation.ts'

/** Fires when a table is emptied. */
export const truncateTable: LintRule = {
  name: 'truncate_table',
  title: 'Empty no table that is in use',
  why: 'All rows are gone with the commit, and the table is locked against reads and writes until then.',
  remedy: 'Delete what has to go in portions, or make a new table and change over.',
  example: { bad: 'truncate orders', good: "delete from orders where placed_at < '2020-01-01'" },
  checkStatement({ tree: { type, node } }, context) {
    if (type !== 'TruncateStmt') return []
    return readRelations(node, 'relations').flatMap(table =>
      reportFinding(context, table, {
        message: shown => `all rows of ${shown} are gone`,
        atLeast: 'warning',
      }),
    )
  },
}
