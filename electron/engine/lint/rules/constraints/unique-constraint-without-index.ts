import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { makeKeyOfIndex, nameConstraint } from '../../tree/safer-sql.ts'
import { readAddedConstraints } from '../../tree/table-commands.ts'

/** Fires when the index of a unique constraint is built under a lock. */
export const uniqueConstraintWithoutIndex: LintRule = {
  name: 'unique_constraint_without_index',
  title: 'Make unique constraints of an index',
  why: 'The index behind the constraint is built while reads and writes of the table are blocked.',
  remedy: 'Build a unique index CONCURRENTLY, and make the constraint of that index.',
  example: {
    bad: 'alter table orders add constraint orders_note_key unique (note)',
    good: 'alter table orders add constraint orders_note_key unique using index orders_note_idx',
  },
  checkStatement(statement, context) {
    return readAddedConstraints(statement, 'unique').flatMap(({ table, constraint }) => {
      if (constraint.indexName !== null) return []
      const name = nameConstraint(constraint, table, null, 'key')
      return reportFinding(context, table, {
        message: shown => `the index of ${name} is built while ${shown} is locked`,
        saferSql: makeKeyOfIndex('unique', table, constraint.columns, name),
      })
    })
  },
}
