import { readNode, readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when rows are written while schema changes are held open. */
export const backfillWithSchemaChange: LintRule = {
  name: 'backfill_with_schema_change',
  title: 'Fill data apart from schema changes',
  why: 'The locks of the schema change are held for as long as the rows are written, and the rows stay locked until the vote.',
  remedy: 'Fill the data in a migration of its own, in portions, between adding and enforcing.',
  example: {
    bad: "alter table orders add column region text;\nupdate orders set region = 'eu' where region is null",
    good: 'update orders set note = lower(note) where id between 1 and 1000',
  },
  checkStatement({ tree: { type, node } }, context) {
    const { isOpen, hasSchemaChange } = context.state.transaction
    if (!isOpen || !hasSchemaChange) return []
    const fromQuery = readNode(readNode(node, 'selectStmt'), 'SelectStmt')
    const writes =
      type === 'UpdateStmt' ||
      type === 'DeleteStmt' ||
      type === 'MergeStmt' ||
      (type === 'InsertStmt' && readNodes(fromQuery, 'fromClause').length > 0)
    const table = readRelation(readNode(node, 'relation'))
    if (!writes || !table) return []
    return reportFinding(context, table, {
      message: shown => `rows of ${shown} are written in the transaction that changes the schema`,
    })
  },
}
