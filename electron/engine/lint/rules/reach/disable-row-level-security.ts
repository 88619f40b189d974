import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when rows are no longer kept apart. */
export const disableRowLevelSecurity: LintRule = {
  name: 'disable_row_level_security',
  title: 'Keep row-level security switched on',
  why: 'From the commit on every role that may read the table reads all rows, those of other tenants too.',
  remedy: 'Change the policies, and leave row-level security enabled and forced.',
  example: {
    bad: 'alter table orders disable row level security',
    good: 'alter table orders enable row level security, force row level security',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action }) => {
      const isOff = action === 'DisableRowSecurity'
      if (!isOff && action !== 'NoForceRowSecurity') return []
      return reportFinding(context, table, {
        message: shown =>
          isOff ? `${shown} shows all its rows to every role` : `${shown} shows all its rows to its owner`,
        atLeast: 'warning',
        atMost: 'warning',
      })
    })
  },
}
