import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when triggers are switched off. */
export const disableTrigger: LintRule = {
  name: 'disable_trigger',
  title: 'Leave triggers switched on',
  why: 'Rows that any session writes meanwhile are not checked: foreign keys are triggers too.',
  remedy: 'Make the trigger itself pass over what it should not see, such as by a setting of the session.',
  example: {
    bad: 'alter table orders disable trigger all',
    good: 'alter table orders enable trigger all',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, name }) => {
      if (!action.startsWith('DisableTrig')) return []
      const which = name === '' ? 'triggers' : `the trigger ${quoteName(name)}`
      return reportFinding(context, table, {
        message: shown =>
          `${which} of ${shown} is switched off for all sessions`.replace('triggers of', 'every trigger of'),
        atLeast: 'warning',
        atMost: 'warning',
      })
    })
  },
}
