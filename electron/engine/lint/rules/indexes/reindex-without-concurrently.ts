import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readRelation } from '../../tree/relation.ts'
import { joinSteps, withoutTransaction } from '../../tree/safer-sql.ts'
import { hasOption } from '../../tree/statement-options.ts'

/** Fires when indexes are rebuilt under a lock. */
export const reindexWithoutConcurrently: LintRule = {
  name: 'reindex_without_concurrently',
  title: 'Rebuild indexes concurrently',
  why: 'A plain REINDEX keeps writers out of the table, and readers away from the index, until it is rebuilt.',
  remedy: 'Use REINDEX (CONCURRENTLY), in a revision of its own that runs outside a transaction.',
  example: { bad: 'reindex table orders', good: 'reindex (concurrently) table orders' },
  checkStatement({ tree }, context) {
    const { type, node } = tree
    if (type !== 'ReindexStmt' || hasOption(node, 'concurrently', 'params')) return []
    const target = readRelation(readNode(node, 'relation'))
    if (!target) {
      const name = readText(node, 'name') ?? 'the database'
      return [
        {
          severity: 'error',
          objects: [name],
          message: `rebuilding every index of ${name} blocks its tables`,
        },
      ]
    }
    const isIndex = node.kind === 'REINDEX_OBJECT_INDEX'
    const key = isIndex ? context.schema.tableOfIndex(target.key) : target.key
    const { severity, words } = context.schema.weigh(key ?? '')
    return context.state.isNew(key ?? '')
      ? []
      : [
          {
            severity,
            objects: [target.key],
            message: `rebuilding ${target.sql} (${words}) blocks every write until it is done`,
            saferSql: joinSteps(
              withoutTransaction,
              `reindex (concurrently) ${isIndex ? 'index' : 'table'} ${target.sql}`,
            ),
          },
        ]
  },
}
