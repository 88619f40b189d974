import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readIndexColumns } from '../../rule/route-state.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when an index for searching has many columns. */
export const wideIndex: LintRule = {
  name: 'wide_index',
  title: 'Keep indexes to three columns',
  why: 'Columns behind the third seldom narrow a search, and each makes the index larger and every write slower.',
  remedy: 'Keep the columns that narrow the search most; put what is only read into INCLUDE.',
  example: {
    bad: 'create index concurrently orders_wide_idx on orders (customer_id, placed_at, note, id)',
    good: 'create index concurrently orders_wide_idx on orders (customer_id, placed_at, note)',
  },
  checkStatement({ tree }) {
    const table = readRelation(readNode(tree.node, 'relation'))
    if (tree.type !== 'IndexStmt' || tree.node.unique === true || !table) return []
    const count = readIndexColumns(tree.node).length
    if (count <= 3) return []
    const name = readText(tree.node, 'idxname') ?? 'an index'
    return [
      { severity: 'note', objects: [table.key], message: `${name} on ${table.sql} has ${count} columns` },
    ]
  },
}
