import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { findExclusiveLocks } from '../../tree/exclusive-locks.ts'

/** Fires when one transaction locks several tables against reads and writes. */
export const severalExclusiveLocks: LintRule = {
  name: 'several_exclusive_locks',
  title: 'Lock one table at a time',
  why: 'All locks are held until the last tenant has voted; code that takes them in another order ends in a deadlock.',
  remedy: 'Give each table a revision of its own, and migrate to one after the other.',
  example: {
    bad: 'alter table orders add column region text;\nalter table customers add column region text',
    good: 'alter table orders add column region text, add column zone text',
  },
  checkStatement(statement, context) {
    const { exclusive } = context.state.transaction
    const first = [...exclusive][0]
    if (!first) return []
    return findExclusiveLocks(statement).flatMap(table => {
      if (exclusive.has(table.key)) return []
      const [key, name] = first
      const { severity, words } = context.schema.weigh(key)
      const held = context.state.isNew(table.key) || severity === 'note' ? [] : [`${name} (${words})`]
      return reportFinding(context, table, {
        message: shown => `${shown} is locked against reads and writes together with ${held[0] ?? name}`,
        objects: [key],
        atMost: 'warning',
        ...(held.length > 0 ? { atLeast: 'warning' as const } : {}),
      })
    })
  },
}
