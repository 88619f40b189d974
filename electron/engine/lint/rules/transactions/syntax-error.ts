import { shortenText } from '../../../../../shared/text/plain-words.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a statement is not SQL. */
export const syntaxError: LintRule = {
  name: 'syntax_error',
  title: 'Write SQL that PostgreSQL reads',
  why: 'The server refuses the statement, and the whole migration fails.',
  remedy: 'Correct it; the parser is that of PostgreSQL 18.',
  example: {
    bad: 'alter tabel orders add column region text',
    good: 'alter table orders add column region text',
  },
  checkStatement({ tree }) {
    if (!tree.problem || isPsqlCommand(tree.sql)) return []
    return [
      { severity: 'error', objects: [], message: `${tree.problem.message}: ${shortenText(tree.sql, 60)}` },
    ]
  },
}

/** A line for psql, or what follows `copy ... from stdin`. */
function isPsqlCommand(sql: string): boolean {
  return sql.trimStart().startsWith('\\')
}
