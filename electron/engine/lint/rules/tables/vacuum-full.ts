import { readNode, readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'
import { hasOption } from '../../tree/statement-options.ts'

/** Fires when a table is rewritten to save space. */
export const vacuumFull: LintRule = {
  name: 'vacuum_full',
  title: 'Shrink no table with VACUUM FULL',
  why: 'The whole table and its indexes are rewritten while reads and writes are blocked.',
  remedy: 'Let autovacuum keep up, or use pg_repack, which works beside running queries.',
  example: { bad: 'vacuum full orders', good: 'vacuum orders' },
  checkStatement({ tree: { type, node } }, context) {
    if (type !== 'VacuumStmt' || !hasOption(node, 'full')) return []
    const tables = readNodes(node, 'rels').flatMap(
      item => readRelation(readNode(readNode(item, 'VacuumRelation'), 'relation')) ?? [],
    )
    if (tables.length === 0) return [{ severity: 'error', objects: [], message: 'every table is rewritten' }]
    return tables.flatMap(table =>
      reportFinding(context, table, { message: shown => `all of ${shown} is rewritten while it is locked` }),
    )
  },
}
