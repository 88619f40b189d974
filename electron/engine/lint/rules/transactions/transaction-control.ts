import { readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a migration begins or ends a transaction. */
export const transactionControl: LintRule = {
  name: 'transaction_control',
  title: 'Leave transactions to Lockstep',
  why: 'What runs before a COMMIT stays when a later statement, or another tenant, fails: all or none no longer holds.',
  remedy: 'Leave BEGIN, COMMIT and ROLLBACK out; give work outside a transaction a revision of its own.',
  example: {
    bad: 'begin;\ninsert into orders (id) values (1);\ncommit',
    good: 'insert into orders (id) values (1)',
  },
  checkStatement({ tree }) {
    // Savepoints divide the transaction, and leave its end alone.
    if (!tree.control || savepoints.has(readText(tree.node, 'kind') ?? '')) return []
    return [{ severity: 'error', objects: [], message: tree.reason }]
  },
}

const savepoints: ReadonlySet<string> = new Set([
  'TRANS_STMT_SAVEPOINT',
  'TRANS_STMT_RELEASE',
  'TRANS_STMT_ROLLBACK_TO',
])
