import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, type SyntaxNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { findConstraint } from '../../tree/column.ts'
import { findVolatileCall } from '../../tree/default-volatility.ts'
import { joinSteps } from '../../tree/safer-sql.ts'
import { readAddedColumns } from '../../tree/table-commands.ts'

/** Fires when a new column needs another value in each row. */
export const addColumnWithVolatileDefault: LintRule = {
  name: 'add_column_with_volatile_default',
  title: 'Add columns with constant defaults',
  why: 'A default that differs from row to row makes the server rewrite the whole table, while reads and writes are blocked.',
  remedy:
    'Add the column without the default, set the default for new rows, and fill the old ones in portions.',
  example: {
    bad: 'alter table orders add column token uuid default gen_random_uuid()',
    good: 'alter table orders add column seen timestamp with time zone default now()',
  },
  checkStatement(statement, context) {
    return readAddedColumns(statement).flatMap(({ table, column }) => {
      const expression = findConstraint(column, 'default')?.expression
      const call = expression ? findVolatileCall(expression) : null
      if (!expression || call === null) return []
      const name = quoteName(column.name)
      const verb = call.isCertain ? 'rewrites' : 'may rewrite'
      return reportFinding(context, table, {
        message: shown => `the default ${call.name}() of ${name} ${verb} all of ${shown} while it is locked`,
        ...(call.isCertain ? {} : { atMost: 'warning' as const }),
        saferSql: takesNothing(expression)
          ? joinSteps(
              `alter table ${table.sql} add column ${name} ${column.type.sql}`,
              `alter table ${table.sql} alter column ${name} set default ${call.name}()`,
              '-- fill the old rows, in portions',
            )
          : null,
      })
    })
  },
}

/** Whether the default is nothing but a call without arguments, which is easily written again. */
function takesNothing(expression: SyntaxNode): boolean {
  return 'FuncCall' in expression && !('args' in readNode(expression, 'FuncCall'))
}
