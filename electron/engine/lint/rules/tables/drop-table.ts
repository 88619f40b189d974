import { readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readListedRelation } from '../../tree/relation.ts'

/** Fires when a table and its data go. */
export const dropTable: LintRule = {
  name: 'drop_table',
  title: 'Drop no table before the code stops using it',
  why: 'Its data is gone with the commit, and code that still reads it fails.',
  remedy: 'Rename it first and wait; drop it in a later migration, once nothing has missed it.',
  example: { bad: 'drop table orders', good: 'create table scratch (id bigint);\ndrop table scratch' },
  checkStatement({ tree: { type, node } }, context) {
    if (type !== 'DropStmt' || node.removeType !== 'OBJECT_TABLE') return []
    return readNodes(node, 'objects').flatMap(object => {
      const table = readListedRelation(object)
      if (!table) return []
      return reportFinding(context, table, {
        message: shown => `the data of ${shown} is gone`,
        atLeast: 'warning',
      })
    })
  },
}
