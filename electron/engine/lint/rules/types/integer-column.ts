import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readNewColumns } from '../../tree/table-commands.ts'

/** Fires when a new column holds 32-bit numbers. */
export const integerColumn: LintRule = {
  name: 'integer_column',
  title: 'Prefer bigint to integer',
  why: 'A number above 2,147,483,647 is refused, and changing the type later rewrites the whole table.',
  remedy: 'Use bigint wherever a number counts, refers to another table or grows.',
  example: {
    bad: 'alter table orders add column parts integer',
    good: 'alter table orders add column parts bigint',
  },
  checkStatement(statement) {
    return readNewColumns(statement).flatMap(({ table, column }) =>
      column.type.name === 'int4'
        ? [
            {
              severity: 'note',
              objects: [table.key],
              message: `${table.sql}.${quoteName(column.name)} is integer`,
            } as const,
          ]
        : [],
    )
  },
}
