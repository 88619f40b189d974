import { readNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when a table is rewritten in the order of an index. */
export const clusterTable: LintRule = {
  name: 'cluster_table',
  title: 'Sort no table with CLUSTER',
  why: 'The whole table and its indexes are rewritten while reads and writes are blocked; new rows are not kept in order.',
  remedy: 'Use pg_repack, which works beside running queries, or leave it.',
  example: {
    bad: 'cluster orders using orders_placed_at_idx',
    good: 'alter table orders cluster on orders_placed_at_idx',
  },
  checkStatement({ tree: { type, node } }, context) {
    if (type !== 'ClusterStmt') return []
    const table = readRelation(readNode(node, 'relation'))
    if (!table) return [{ severity: 'error', objects: [], message: 'every clustered table is rewritten' }]
    return reportFinding(context, table, {
      message: shown => `all of ${shown} is rewritten while it is locked`,
    })
  },
}
