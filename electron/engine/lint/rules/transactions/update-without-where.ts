import { readNode, type SyntaxNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when a statement writes all rows of a table at once. */
export const updateWithoutWhere: LintRule = {
  name: 'update_without_where',
  title: 'Write large tables in portions',
  why: 'Every row is written and locked in one transaction: others wait for it, the table doubles, standbys fall behind.',
  remedy: 'Write it in portions by key, each in a transaction of its own.',
  example: {
    bad: "update orders set note = ''",
    good: "update orders set note = '' where id between 1 and 1000",
  },
  checkStatement({ tree: { type, node } }, context) {
    const table = readRelation(readNode(node, 'relation'))
    if ((type !== 'UpdateStmt' && type !== 'DeleteStmt') || !table || !isWholeTable(node)) return []
    const verb = type === 'UpdateStmt' ? 'updates' : 'deletes'
    return reportFinding(context, table, { message: shown => `one statement ${verb} every row of ${shown}` })
  },
}

/** No condition, or one that holds for every row. */
function isWholeTable(node: SyntaxNode): boolean {
  if (!('whereClause' in node)) return true
  const constant = readNode(readNode(node, 'whereClause'), 'A_Const')
  return readNode(constant, 'boolval').boolval === true
}
