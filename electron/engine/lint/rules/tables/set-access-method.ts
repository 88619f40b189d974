import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a table is rewritten for another way of storing it. */
export const setAccessMethod: LintRule = {
  name: 'set_access_method',
  title: 'Change how no table with rows is stored',
  why: 'The whole table and its indexes are rewritten while reads and writes are blocked.',
  remedy: 'Make a new table, copy the rows in portions, and change over.',
  example: {
    bad: 'alter table orders set access method heap',
    good: 'create table bills (id bigint) using heap',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action }) =>
      action === 'SetAccessMethod'
        ? reportFinding(context, table, {
            message: shown => `all of ${shown} is rewritten while it is locked`,
          })
        : [],
    )
  },
}
