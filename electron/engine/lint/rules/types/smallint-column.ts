import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readNewColumns } from '../../tree/table-commands.ts'

/** Fires when a new column holds 16-bit numbers. */
export const smallintColumn: LintRule = {
  name: 'smallint_column',
  title: 'Prefer bigint to smallint',
  why: 'A number above 32,767 is refused, and changing the type later rewrites the whole table.',
  remedy: 'Use bigint, or integer where the range is known for ever.',
  example: {
    bad: 'alter table orders add column parts smallint',
    good: 'alter table orders add column parts bigint',
  },
  checkStatement(statement) {
    return readNewColumns(statement).flatMap(({ table, column }) =>
      column.type.name === 'int2'
        ? [
            {
              severity: 'note',
              objects: [table.key],
              message: `${table.sql}.${quoteName(column.name)} is smallint`,
            } as const,
          ]
        : [],
    )
  },
}
