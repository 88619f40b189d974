import { shortenText } from '../../../../../shared/text/plain-words.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { joinSteps } from '../../tree/safer-sql.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when a statement drops what depends on its object as well. */
export const dropCascade: LintRule = {
  name: 'drop_cascade',
  title: 'Drop by name, not by CASCADE',
  why: 'What goes with it depends on what a tenant has: views, foreign keys and columns of others vanish without a word.',
  remedy: 'Drop what depends on it by name first, and leave CASCADE out.',
  example: { bad: 'drop view order_totals cascade', good: 'drop view order_totals' },
  checkStatement(statement, context) {
    const { type, node, sql } = statement.tree
    const commands = readTableCommands(statement).filter(
      ({ action, cascades, table }) =>
        action.startsWith('Drop') && cascades && !context.state.isNew(table.key),
    )
    const isDrop = /^Drop(Stmt|RoleStmt|OwnedStmt)$/.test(type) && node.behavior === 'DROP_CASCADE'
    if (!isDrop && commands.length === 0) return []
    const message = `${shortenText(sql, 80)} drops whatever depends on it, unseen`
    return [
      {
        severity: 'warning',
        objects: statement.tree.tables,
        message,
        saferSql: joinSteps(sql.replace(/\s+cascade\s*$/i, '')),
      },
    ]
  },
}
