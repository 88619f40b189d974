import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a session passes over triggers and foreign keys. */
export const replicationRoleChanged: LintRule = {
  name: 'replication_role_changed',
  title: 'Leave session_replication_role alone',
  why: 'Foreign keys and triggers are passed over without a word, and rows that break them stay for good.',
  remedy: 'Leave it out, and write the rows in an order that the constraints allow.',
  example: { bad: 'set session_replication_role = replica', good: "set local work_mem = '64MB'" },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'VariableSetStmt' || node.name !== 'session_replication_role') return []
    if (node.kind !== 'VAR_SET_VALUE') return []
    return [
      {
        severity: 'warning',
        objects: [],
        message: 'foreign keys and triggers are not checked in this session',
      },
    ]
  },
}
