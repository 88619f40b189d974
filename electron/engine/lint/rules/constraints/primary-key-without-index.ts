import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { makeKeyOfIndex } from '../../tree/safer-sql.ts'
import { readAddedConstraints } from '../../tree/table-commands.ts'

/** Fires when the index of a primary key is built under a lock. */
export const primaryKeyWithoutIndex: LintRule = {
  name: 'primary_key_without_index',
  title: 'Make primary keys of an index',
  why: 'The index is built, and every row read for nulls, while reads and writes of the table are blocked.',
  remedy: 'Build a unique index CONCURRENTLY on columns that are NOT NULL, and make the key of that index.',
  example: {
    bad: 'alter table orders add constraint orders_pkey primary key (id)',
    good: 'alter table orders add constraint orders_pkey primary key using index orders_id_idx',
  },
  checkStatement(statement, context) {
    return readAddedConstraints(statement, 'primary').flatMap(({ table, constraint }) => {
      if (constraint.indexName !== null) return []
      const name = constraint.name === null ? quoteName(`${table.name}_pkey`) : quoteName(constraint.name)
      return reportFinding(context, table, {
        message: shown => `the index of ${name} is built while ${shown} is locked`,
        saferSql: makeKeyOfIndex('primary key', table, constraint.columns, name),
      })
    })
  },
}
