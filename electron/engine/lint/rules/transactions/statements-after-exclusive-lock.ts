import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when work goes on while a table is locked against reads and writes. */
export const statementsAfterExclusiveLock: LintRule = {
  name: 'statements_after_exclusive_lock',
  title: 'Lock last, and briefly',
  why: 'The table stays locked, for readers too, until all that follows in the transaction is done.',
  remedy: 'Put what locks at the end, or into a revision of its own that is migrated to separately.',
  example: {
    bad: 'alter table orders add column region text;\ncreate table regions (id bigint)',
    good: 'create table regions (id bigint);\nalter table orders add column region text',
  },
  checkStatement({ tree }, context) {
    const { exclusive, hasFollower } = context.state.transaction
    const [first] = exclusive
    if (!first || hasFollower || passing.has(tree.type)) return []
    const [key, name] = first
    const { severity, words } = context.schema.weigh(key)
    return [
      {
        severity: severity === 'error' ? 'warning' : 'note',
        objects: [key],
        message: `${name} (${words}) stays locked against reads and writes while this runs, and what follows`,
      },
    ]
  },
}

const passing: ReadonlySet<string> = new Set(['', 'VariableSetStmt', 'CommentStmt', 'SelectStmt'])
