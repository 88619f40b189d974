import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readNewColumns } from '../../tree/table-commands.ts'

/** Fires when a new column pads its text with blanks. */
export const charColumn: LintRule = {
  name: 'char_column',
  title: 'Use text, never char(n)',
  why: 'Shorter values are padded with blanks, which comparisons and lengths then count or not, case by case.',
  remedy: 'Use text, with a check on its length where there has to be one.',
  example: {
    bad: 'alter table orders add column code char(2)',
    good: 'alter table orders add column code text',
  },
  checkStatement(statement) {
    return readNewColumns(statement).flatMap(({ table, column }) =>
      column.type.name === 'bpchar'
        ? [
            {
              severity: 'note',
              objects: [table.key],
              message: `${table.sql}.${quoteName(column.name)} is padded with blanks`,
            } as const,
          ]
        : [],
    )
  },
}
