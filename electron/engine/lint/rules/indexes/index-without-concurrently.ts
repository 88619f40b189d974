import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'
import { insertWord, joinSteps, withoutTransaction } from '../../tree/safer-sql.ts'

/** Fires when an index is built under a lock that keeps writers out. */
export const indexWithoutConcurrently: LintRule = {
  name: 'index_without_concurrently',
  title: 'Build indexes concurrently',
  why: 'A plain CREATE INDEX keeps every writer of the table waiting until the whole index is built.',
  remedy: 'Build it with CONCURRENTLY, in a revision of its own that runs outside a transaction.',
  example: {
    bad: 'create index orders_note_idx on orders (note)',
    good: 'create index concurrently orders_note_idx on orders (note)',
  },
  checkStatement({ tree }, context) {
    if (tree.type !== 'IndexStmt' || tree.node.concurrent === true) return []
    const table = readRelation(readNode(tree.node, 'relation'))
    if (!table) return []
    const name = readText(tree.node, 'idxname')
    const isPartitioned = context.schema.shapesOf(table.key).some(shape => shape.kind === 'p')
    const sql = insertWord(tree.sql, /^create\s+(unique\s+)?index\s+/i, 'concurrently')
    return reportFinding(context, table, {
      message: shown =>
        `building ${name === null ? 'an index' : quoteName(name)} blocks every write to ${shown}`,
      saferSql: sql === null || isPartitioned || name === null ? null : joinSteps(withoutTransaction, sql),
      ...(isPartitioned ? { remedy: onPartitions } : {}),
    })
  },
}

const onPartitions =
  'Create the index ON ONLY the partitioned table, build one CONCURRENTLY on each partition, and attach each to it.'
