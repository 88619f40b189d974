import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { findConstraint } from '../../tree/column.ts'
import { readAddedColumns } from '../../tree/table-commands.ts'

/** Fires when every row gets a computed value under a lock. */
export const addGeneratedColumn: LintRule = {
  name: 'add_generated_column',
  title: 'Add no stored generated column to a table with rows',
  why: 'The value of every row is computed and stored, so that the whole table is rewritten while it is locked.',
  remedy: 'Add a plain column, keep it up to date with a trigger, and fill the old rows in portions.',
  example: {
    bad: 'alter table orders add column doubled integer generated always as (total * 2) stored',
    good: 'alter table orders add column doubled integer generated always as (total * 2) virtual',
  },
  checkStatement(statement, context) {
    return readAddedColumns(statement).flatMap(({ table, column }) => {
      if (findConstraint(column, 'generated')?.isStored !== true) return []
      return reportFinding(context, table, {
        message: shown => `computing ${quoteName(column.name)} rewrites all of ${shown} while it is locked`,
      })
    })
  },
}
