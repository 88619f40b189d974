import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a column may hold nulls from now on. */
export const dropNotNull: LintRule = {
  name: 'drop_not_null',
  title: 'Allow nulls only when the code expects them',
  why: 'Code that is running does not expect a null there, and undoing it reads the whole table.',
  remedy: 'Release code that can read nulls first.',
  example: {
    bad: 'alter table orders alter column id drop not null',
    good: 'alter table orders alter column id drop default',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, name }) => {
      if (action !== 'DropNotNull' || context.state.isNew(table.key)) return []
      const message = `${table.sql}.${quoteName(name)} may be null from now on`
      return [{ severity: 'note', objects: [table.key], message } as const]
    })
  },
}
