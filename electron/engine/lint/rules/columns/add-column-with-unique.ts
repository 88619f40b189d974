import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { findConstraint } from '../../tree/column.ts'
import { joinSteps, makeKeyOfIndex, nameConstraint } from '../../tree/safer-sql.ts'
import { readAddedColumns } from '../../tree/table-commands.ts'

/** Fires when a new column brings an index that is built under a lock. */
export const addColumnWithUnique: LintRule = {
  name: 'add_column_with_unique',
  title: 'Add a column and its unique constraint apart',
  why: 'The index behind the constraint is built while reads and writes of the table are blocked.',
  remedy: 'Add the column, build a unique index CONCURRENTLY, and make the constraint of that index.',
  example: {
    bad: 'alter table orders add column code text unique',
    good: 'alter table orders add column code text',
  },
  checkStatement(statement, context) {
    return readAddedColumns(statement).flatMap(({ table, column }) => {
      const constraint = findConstraint(column, 'unique') ?? findConstraint(column, 'primary')
      if (!constraint) return []
      const isKey = constraint.kind === 'primary'
      const name = nameConstraint(constraint, table, isKey ? null : column.name, isKey ? 'pkey' : 'key')
      return reportFinding(context, table, {
        message: shown => `the index of ${name} is built while ${shown} is locked`,
        saferSql: joinSteps(
          `alter table ${table.sql} add column ${quoteName(column.name)} ${column.type.sql}`,
          makeKeyOfIndex(isKey ? 'primary key' : 'unique', table, [column.name], name),
        ),
      })
    })
  },
}
