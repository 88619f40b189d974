import type { LintRule } from '../lint-rule.ts'

/** Fires when a migration ends or divides the transaction that it runs in. */
export const transactionControl: LintRule = {
  name: 'transaction_control',
  title: 'Leave transactions to Lockstep',
  why: 'What runs before a COMMIT stays when a later statement, or another tenant, fails: all or none no longer holds.',
  remedy:
    'Leave BEGIN, COMMIT, ROLLBACK and savepoints out; give work outside a transaction a revision of its own.',
  example: {
    bad: 'begin;\ninsert into orders (id) values (1);\ncommit',
    good: 'insert into orders (id) values (1)',
  },
  checkStatement({ tree }) {
    if (!tree.control) return []
    return [{ severity: 'error', objects: [], message: tree.reason }]
  },
}
