import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a table is rewritten to change how it survives a crash. */
export const setLogged: LintRule = {
  name: 'set_logged',
  title: 'Switch logging of no table with rows',
  why: 'The whole table is rewritten while it is locked; what is unlogged is empty on standbys and after a crash.',
  remedy: 'Decide it when the table is made.',
  example: { bad: 'alter table orders set unlogged', good: 'create unlogged table scratch (id bigint)' },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action }) => {
      if (action !== 'SetLogged' && action !== 'SetUnLogged') return []
      const end = action === 'SetUnLogged' ? ', and is empty after a crash' : ''
      return reportFinding(context, table, {
        message: shown => `all of ${shown} is rewritten while it is locked${end}`,
        ...(action === 'SetUnLogged' ? { atLeast: 'warning' as const } : {}),
      })
    })
  },
}
