import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a column and its data go. */
export const dropColumn: LintRule = {
  name: 'drop_column',
  title: 'Drop no column before the code stops using it',
  why: 'Its data is gone with the commit, and code that still names it, as an ORM does for every column, fails.',
  remedy: 'Release code that does not know the column first; then drop it in a later migration.',
  example: {
    bad: 'alter table orders drop column note',
    good: 'alter table orders alter column note drop default',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, name }) => {
      if (action !== 'DropColumn' || context.state.isNewColumn(table.key, name)) return []
      return reportFinding(context, table, {
        message: shown => `the data of ${quoteName(name)} in ${shown} is gone, and code that uses it fails`,
        atLeast: 'warning',
        atMost: 'warning',
      })
    })
  },
}
