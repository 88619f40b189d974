import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { keyBeside } from '../../rule/catalog-facts.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readAddedConstraints } from '../../tree/table-commands.ts'

/** Fires when a primary key has to read all rows for nulls. */
export const primaryKeyOnNullableColumns: LintRule = {
  name: 'primary_key_on_nullable_columns',
  title: 'Set NOT NULL before making a primary key of an index',
  why: 'Columns that may be null are set NOT NULL with the key: every row is read while the table is locked.',
  remedy: 'Set the columns NOT NULL first, with a check that proves it.',
  example: {
    bad: 'alter table orders add constraint orders_key primary key using index orders_note_idx',
    good: 'alter table orders add constraint orders_key primary key using index orders_id_idx',
  },
  checkStatement(statement, context) {
    return readAddedConstraints(statement, 'primary').flatMap(({ table, constraint }) => {
      const { indexName } = constraint
      if (indexName === null) return []
      const shapes = context.schema.shapesOf(table.key)
      const planned = context.state.indexes.get(keyBeside(table.key, indexName))?.columns ?? []
      const nullable = shapes.flatMap(shape => {
        const columns = shape.indexes.find(index => index.name === indexName)?.columns ?? planned
        return shape.columns.filter(column => columns.includes(column.name) && !column.isNotNull)
      })
      const [first] = nullable
      if (!first || context.state.isProven(table.key, first.name)) return []
      return reportFinding(context, table, {
        message: shown =>
          `every row of ${shown} is read for nulls in ${quoteName(first.name)} while it is locked`,
      })
    })
  },
}
