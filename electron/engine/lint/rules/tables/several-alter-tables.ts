import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a table is altered again where once would do. */
export const severalAlterTables: LintRule = {
  name: 'several_alter_tables',
  title: 'Alter a table once',
  why: 'Each ALTER TABLE that has to read or write the table does so again; one with several changes does it once.',
  remedy: 'Write the changes behind each other, with commas, in one ALTER TABLE.',
  example: {
    bad: 'alter table orders add column region text;\nalter table orders add column zone text',
    good: 'alter table orders add column region text, add column zone text',
  },
  checkStatement(statement, context) {
    const [command] = readTableCommands(statement)
    if (!command || !context.state.transaction.altered.has(command.table.key)) return []
    return reportFinding(context, command.table, {
      message: shown => `${shown} is altered in several statements of one transaction`,
      atMost: 'note',
    })
  },
}
