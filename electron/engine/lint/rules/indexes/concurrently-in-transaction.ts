import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when the server would refuse a statement inside its transaction. */
export const concurrentlyInTransaction: LintRule = {
  name: 'concurrently_in_transaction',
  title: 'Run concurrent work outside a transaction',
  why: 'The server refuses such a statement inside a transaction block, and the whole migration fails.',
  remedy: 'Put it into a revision of its own; in Alembic, into `with op.get_context().autocommit_block():`.',
  example: {
    bad: 'alter table orders add column note text;\ncreate index concurrently orders_note_idx on orders (note)',
    good: 'create index concurrently orders_note_idx on orders (note)',
  },
  checkStatement({ tree }, { state }) {
    if (tree.transactional || !state.transaction.isOpen) return []
    return [{ severity: 'error', objects: tree.tables, message: tree.reason }]
  },
}
