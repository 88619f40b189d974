import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a statement that commits by itself cannot run twice. */
export const missingIfExists: LintRule = {
  name: 'missing_if_exists',
  title: 'Make what runs outside a transaction repeatable',
  why: 'What runs outside a transaction is committed at once; when a later statement fails, the revision is run again.',
  remedy: 'Write IF EXISTS or IF NOT EXISTS.',
  example: {
    bad: 'drop index concurrently orders_placed_at_idx',
    good: 'drop index concurrently if exists orders_placed_at_idx',
  },
  checkStatement({ tree }, { state }) {
    const { type, node } = tree
    if (state.transaction.isOpen) return []
    const isCreate = type === 'IndexStmt' || type === 'CreateStmt' || type === 'CreateSeqStmt'
    const lacks =
      (isCreate && node.if_not_exists !== true) || (type === 'DropStmt' && node.missing_ok !== true)
    if (!lacks) return []
    const word = isCreate ? 'IF NOT EXISTS' : 'IF EXISTS'
    return [
      {
        severity: 'note',
        objects: tree.tables,
        message: `without ${word} it cannot run again after a failure`,
      },
    ]
  },
}
