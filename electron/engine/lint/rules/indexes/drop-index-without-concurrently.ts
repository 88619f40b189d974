import { readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule, RuleFinding } from '../../rule/lint-rule.ts'
import { readListedRelation } from '../../tree/relation.ts'
import { joinSteps, withoutTransaction } from '../../tree/safer-sql.ts'

/** Fires when an index goes under a lock that keeps readers out. */
export const dropIndexWithoutConcurrently: LintRule = {
  name: 'drop_index_without_concurrently',
  title: 'Drop indexes concurrently',
  why: 'A plain DROP INDEX waits for every query on the table, and all new ones wait behind it.',
  remedy: 'Drop it with CONCURRENTLY, in a revision of its own that runs outside a transaction.',
  example: {
    bad: 'drop index orders_placed_at_idx',
    good: 'drop index concurrently orders_placed_at_idx',
  },
  checkStatement({ tree }, context) {
    const { node } = tree
    if (tree.type !== 'DropStmt' || node.removeType !== 'OBJECT_INDEX' || node.concurrent === true) return []
    const objects = readNodes(node, 'objects')
    return objects.flatMap((object): readonly RuleFinding[] => {
      const index = readListedRelation(object)
      if (!index || context.state.indexes.has(index.key)) return []
      const table = context.schema.tableOfIndex(index.key)
      const { severity, words } = table === null ? unknown : context.schema.weigh(table)
      const on = table === null ? '' : ` on ${table} (${words})`
      const condition = node.missing_ok === true ? 'if exists ' : ''
      return [
        {
          severity,
          objects: [index.key],
          message: `dropping ${index.sql}${on} blocks every reader and writer of its table while it waits`,
          saferSql: joinSteps(withoutTransaction, `drop index concurrently ${condition}${index.sql}`),
        },
      ]
    })
  },
}

const unknown = { severity: 'warning', words: '' } as const
