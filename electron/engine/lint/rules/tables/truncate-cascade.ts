import { shortenText } from '../../../../../shared/text/plain-words.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { joinSteps } from '../../tree/safer-sql.ts'

/** Fires when emptying a table empties others. */
export const truncateCascade: LintRule = {
  name: 'truncate_cascade',
  title: 'Empty tables by name',
  why: 'Every table that refers to it, and every one that refers to those, is emptied as well.',
  remedy: 'Name all tables that are to be emptied, and leave CASCADE out.',
  example: { bad: 'truncate customers cascade', good: 'truncate customers, orders' },
  checkStatement({ tree: { type, node, tables, sql } }) {
    if (type !== 'TruncateStmt' || node.behavior !== 'DROP_CASCADE') return []
    const message = `${shortenText(sql, 80)} empties every table that refers to it as well`
    return [
      {
        severity: 'error',
        objects: tables,
        message,
        saferSql: joinSteps(sql.replace(/\s+cascade\s*$/i, '')),
      },
    ]
  },
}
