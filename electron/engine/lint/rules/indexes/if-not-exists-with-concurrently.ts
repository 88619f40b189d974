import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { nameRelation, readRelation } from '../../tree/relation.ts'
import { joinSteps } from '../../tree/safer-sql.ts'

/** Fires when a broken index would be taken for a good one. */
export const ifNotExistsWithConcurrently: LintRule = {
  name: 'if_not_exists_with_concurrently',
  title: 'Do not skip a broken index',
  why: 'A concurrent build that fails leaves an invalid index behind; IF NOT EXISTS then skips it, and it is never used.',
  remedy: 'Drop the index first: DROP INDEX CONCURRENTLY IF EXISTS, then build it again.',
  example: {
    bad: 'create index concurrently if not exists orders_note_idx on orders (note)',
    good: 'drop index concurrently if exists orders_note_idx;\ncreate index concurrently if not exists orders_note_idx on orders (note)',
  },
  checkStatement({ tree, step }, context) {
    const { type, node } = tree
    if (type !== 'IndexStmt' || node.concurrent !== true || node.if_not_exists !== true) return []
    const table = readRelation(readNode(node, 'relation'))
    const name = readText(node, 'idxname')
    if (!table || name === null) return []
    const index = nameRelation(table.schema, name)
    if (context.state.droppedIndexes.has(index.key)) return []
    const isBroken = context.schema
      .shapesOf(table.key)
      .some(shape => shape.indexes.some(one => one.name === name && !one.isValid))
    // A file of SQL is run by Lockstep itself, which removes a broken index before it builds one.
    const severity = step.file.endsWith('.sql') ? 'note' : isBroken ? 'error' : 'warning'
    return [
      {
        severity,
        objects: [index.key],
        message: isBroken
          ? `${index.sql} is there and is not valid: IF NOT EXISTS would skip it`
          : `${index.sql} is skipped when an earlier build left it invalid`,
        saferSql: joinSteps(`drop index concurrently if exists ${index.sql}`, tree.sql),
      },
    ]
  },
}
