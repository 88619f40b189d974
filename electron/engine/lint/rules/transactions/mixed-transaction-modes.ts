import { countOf } from '../../../../../shared/text/plain-words.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when one revision mixes work inside and outside of transactions. */
export const mixedTransactionModes: LintRule = {
  name: 'mixed_transaction_modes',
  title: 'Keep work outside transactions apart',
  why: 'What runs outside a transaction is committed at once: when a later statement fails, half of the revision stays.',
  remedy: 'Give the statements that cannot run in a transaction a revision of their own.',
  example: {
    bad: 'create index concurrently orders_note_idx on orders (note);\nalter table orders alter column note set statistics 500',
    good: 'create index concurrently orders_note_idx on orders (note)',
  },
  checkStep({ step, statements }) {
    // A block is run as one statement, whatever it holds.
    const own = statements.filter(({ path }) => path === null)
    const outside = own.find(({ tree }) => !tree.transactional)
    const inside = own.filter(({ tree }) => tree.transactional && tree.type !== 'VariableSetStmt')
    if (step.transactional || !outside || inside.length === 0) return []
    const message = `${outside.tree.reason}, and ${countOf(inside.length, 'other statement')} of the revision could`
    return [{ severity: 'note', objects: [], message, at: outside }]
  },
}
