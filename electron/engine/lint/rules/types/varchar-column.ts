import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readNewColumns } from '../../tree/table-commands.ts'

/** Fires when a new column limits the length of its text by its type. */
export const varcharColumn: LintRule = {
  name: 'varchar_column',
  title: 'Prefer text to varchar(n)',
  why: 'A shorter limit later rewrites the whole table; the limit itself saves neither time nor space.',
  remedy: 'Use text, with a check on its length where there has to be one.',
  example: {
    bad: 'alter table orders add column code varchar(20)',
    good: 'alter table orders add column code text',
  },
  checkStatement(statement) {
    return readNewColumns(statement).flatMap(({ table, column }) => {
      const { type } = column
      if (type.name !== 'varchar' || type.arguments.length === 0) return []
      const message = `${table.sql}.${quoteName(column.name)} is ${type.sql}; text has no limit to change later`
      return [{ severity: 'note', objects: [table.key], message } as const]
    })
  },
}
