import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readNewColumns } from '../../tree/table-commands.ts'

/** Fires when a new column holds JSON as text. */
export const jsonColumn: LintRule = {
  name: 'json_column',
  title: 'Use jsonb, not json',
  why: 'The type json has no equality, so that SELECT DISTINCT and GROUP BY over all columns of the table begin to fail.',
  remedy: 'Use jsonb.',
  example: {
    bad: 'alter table orders add column data json',
    good: 'alter table orders add column data jsonb',
  },
  checkStatement(statement, context) {
    return readNewColumns(statement).flatMap(({ table, column }) => {
      if (column.type.name !== 'json') return []
      const isOld = statement.tree.type !== 'CreateStmt' && !context.state.isNew(table.key)
      const message = `${table.sql}.${quoteName(column.name)} is json, which cannot be compared`
      return [{ severity: isOld ? 'warning' : 'note', objects: [table.key], message } as const]
    })
  },
}
