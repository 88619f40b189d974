import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { fillsItself, findConstraint } from '../../tree/column.ts'
import { joinSteps, nameConstraint, validateLater } from '../../tree/safer-sql.ts'
import { readAddedColumns } from '../../tree/table-commands.ts'

/** Fires when a new column refers to another table at once. */
export const addColumnWithForeignKey: LintRule = {
  name: 'add_column_with_foreign_key',
  title: 'Add a column and its foreign key apart',
  why: 'Both tables are locked against writers; with a default every row is checked meanwhile.',
  remedy: 'Add the column, then the constraint NOT VALID, and validate it in a later migration.',
  example: {
    bad: 'alter table orders add column shop_id bigint references shops (id)',
    good: 'alter table orders add column shop_id bigint',
  },
  checkStatement(statement, context) {
    return readAddedColumns(statement).flatMap(({ table, column }) => {
      const constraint = findConstraint(column, 'foreign')
      const parent = constraint?.references
      if (!constraint || !parent) return []
      const name = nameConstraint(constraint, table, column.name, 'fkey')
      const column_ = quoteName(column.name)
      const isChecked = fillsItself(column)
      return reportFinding(context, table, {
        message: shown =>
          isChecked
            ? `${name} is checked against every row of ${shown} while it and ${parent.sql} are locked`
            : `${name} locks ${shown} and ${parent.sql} at once`,
        objects: [parent.key],
        // Without a default there are only nulls, and nothing is read.
        ...(isChecked ? {} : { atMost: 'note' as const }),
        saferSql: joinSteps(
          `alter table ${table.sql} add column ${column_} ${column.type.sql}`,
          validateLater(
            `alter table ${table.sql} add constraint ${name} foreign key (${column_}) references ${constraint.referencesSql}`,
            `table ${table.sql}`,
            name,
          ),
        ),
      })
    })
  },
}
