import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a stored column is computed again in all rows. */
export const setExpression: LintRule = {
  name: 'set_expression',
  title: 'Change no stored expression of a table with rows',
  why: 'The value of every row is computed again, so that the whole table is rewritten while it is locked.',
  remedy: 'Add a second column with the new expression, and let the application change over.',
  example: {
    bad: 'alter table orders alter column doubled set expression as (total * 3)',
    good: 'alter table orders alter column doubled drop expression',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, name }) =>
      action === 'SetExpression'
        ? reportFinding(context, table, {
            message: shown =>
              `computing ${quoteName(name)} again rewrites all of ${shown} while it is locked`,
          })
        : [],
    )
  },
}
