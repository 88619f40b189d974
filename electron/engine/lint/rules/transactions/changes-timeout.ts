import { readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a migration changes how long it waits. */
export const changesTimeout: LintRule = {
  name: 'changes_timeout',
  title: 'Leave timeouts to Lockstep',
  why: 'Lockstep limits how long a migration waits for locks, so that no session queues behind it; this undoes that.',
  remedy: 'Leave it out, and set execution.lockTimeoutSeconds and statementTimeoutSeconds in lockstep.yml.',
  example: { bad: 'set lock_timeout = 0', good: "set local work_mem = '64MB'" },
  checkStatement({ tree: { type, node } }) {
    const name = readText(node, 'name') ?? ''
    if (type !== 'VariableSetStmt' || !timeouts.has(name)) return []
    return [{ severity: 'warning', objects: [], message: `${name} is changed in the migrating session` }]
  },
}

const timeouts: ReadonlySet<string> = new Set([
  'lock_timeout',
  'statement_timeout',
  'transaction_timeout',
  'idle_in_transaction_session_timeout',
  'deadlock_timeout',
])
