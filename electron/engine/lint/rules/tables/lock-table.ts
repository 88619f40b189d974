import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readRelations } from '../../tree/relation.ts'

/** Fires when a table is locked by hand. */
export const lockTable: LintRule = {
  name: 'lock_table',
  title: 'Lock no table by hand',
  why: 'The lock is held until the transaction ends, which is after the last tenant has voted.',
  remedy: 'Leave it out: every statement takes the lock that it needs. Lockstep waits for locks in turns.',
  example: { bad: 'lock table orders', good: 'lock table orders in access share mode' },
  checkStatement({ tree: { type, node } }, context) {
    if (type !== 'LockStmt' || (typeof node.mode === 'number' && node.mode < share)) return []
    return readRelations(node, 'relations').flatMap(table =>
      reportFinding(context, table, { message: shown => `${shown} is locked until the transaction ends` }),
    )
  },
}

/** The weakest mode that keeps writers out: the fifth of eight. */
const share = 5
