import { shortenText } from '../../../../../shared/text/plain-words.ts'
import { readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a line is meant for psql. */
export const psqlCommand: LintRule = {
  name: 'psql_command',
  title: 'Use no commands of psql',
  why: 'Only psql knows them; a migration is sent to the server as it is, and fails there.',
  remedy: 'Write it in SQL, or leave it out.',
  example: { bad: '\\connect other', good: 'select 1' },
  checkStatement({ tree }) {
    const { sql, type, node } = tree
    const isCopy = type === 'CopyStmt' && node.is_from === true && readText(node, 'filename') === null
    if (isCopy) {
      return [
        {
          severity: 'error',
          objects: tree.tables,
          message: 'COPY FROM STDIN waits for rows that are never sent',
        },
      ]
    }
    if (!tree.problem || !sql.trimStart().startsWith('\\')) return []
    return [{ severity: 'error', objects: [], message: `${shortenText(sql, 40)} is a command of psql` }]
  },
}
