import { readNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelation } from '../../tree/relation.ts'
import { insertWord, joinSteps } from '../../tree/safer-sql.ts'

/** Fires when a materialized view cannot be read while it is refreshed. */
export const refreshWithoutConcurrently: LintRule = {
  name: 'refresh_without_concurrently',
  title: 'Refresh materialized views concurrently',
  why: 'Reads of the view are blocked until it is refreshed.',
  remedy: 'Use CONCURRENTLY, which needs a unique index on the view.',
  example: {
    bad: 'refresh materialized view order_stats',
    good: 'refresh materialized view concurrently order_stats',
  },
  checkStatement({ tree: { type, node, sql } }, context) {
    const view = readRelation(readNode(node, 'relation'))
    if (type !== 'RefreshMatViewStmt' || node.concurrent === true || node.skipData === true || !view)
      return []
    const safer = insertWord(sql, /^refresh\s+materialized\s+view\s+/i, 'concurrently')
    return reportFinding(context, view, {
      message: shown => `${shown} cannot be read until it is refreshed`,
      saferSql: safer === null ? null : joinSteps(safer),
    })
  },
}
