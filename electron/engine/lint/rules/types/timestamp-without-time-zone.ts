import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readNewColumns } from '../../tree/table-commands.ts'

/** Fires when a new column holds a moment without its time zone. */
export const timestampWithoutTimeZone: LintRule = {
  name: 'timestamp_without_time_zone',
  title: 'Use timestamp with time zone',
  why: 'Which moment a value means depends on the session that reads it, and changes with its time zone.',
  remedy: 'Use timestamp with time zone: it takes the same space.',
  example: {
    bad: 'alter table orders add column seen timestamp',
    good: 'alter table orders add column seen timestamp with time zone',
  },
  checkStatement(statement) {
    return readNewColumns(statement).flatMap(({ table, column }) =>
      column.type.name === 'timestamp'
        ? [
            {
              severity: 'note',
              objects: [table.key],
              message: `${table.sql}.${quoteName(column.name)} has no time zone`,
            } as const,
          ]
        : [],
    )
  },
}
