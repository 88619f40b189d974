import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { fillsItself, findConstraint } from '../../tree/column.ts'
import { joinSteps } from '../../tree/safer-sql.ts'
import { readAddedColumns } from '../../tree/table-commands.ts'

/** Fires when rows that are there would have no value for a new column. */
export const addNotNullColumnWithoutDefault: LintRule = {
  name: 'add_not_null_column_without_default',
  title: 'Give new NOT NULL columns a default',
  why: 'The server refuses the column as soon as the table has a single row.',
  remedy: 'Give it a default, or add it without NOT NULL, fill it, and set NOT NULL afterwards.',
  example: {
    bad: 'alter table orders add column region text not null',
    good: "alter table orders add column region text not null default 'eu'",
  },
  checkStatement(statement, context) {
    return readAddedColumns(statement).flatMap(({ table, column }) => {
      const refusesNull = findConstraint(column, 'notnull') ?? findConstraint(column, 'primary')
      if (!refusesNull || fillsItself(column) || context.state.isNew(table.key)) return []
      const { words } = context.schema.weigh(table.key)
      const isEmpty = words === 'about 0 rows'
      const hasRows = !isEmpty && words.startsWith('about')
      const name = quoteName(column.name)
      return [
        {
          severity: hasRows ? 'error' : isEmpty ? 'note' : 'warning',
          objects: [table.key],
          message: `${name} is NOT NULL and has no default: the server refuses it when ${table.sql} (${words}) has a row`,
          saferSql: joinSteps(
            `alter table ${table.sql} add column ${name} ${column.type.sql}`,
            '-- fill it, in portions, and then:',
            `alter table ${table.sql} alter column ${name} set not null`,
          ),
        } as const,
      ]
    })
  },
}
