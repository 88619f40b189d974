import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a database goes. */
export const dropDatabase: LintRule = {
  name: 'drop_database',
  title: 'Drop no database in a migration',
  why: 'A migration runs once in every tenant: the first destroys the database, all others fail.',
  remedy: 'Drop databases by hand, with a backup at hand.',
  example: { bad: 'drop database archive', good: 'drop view archive_orders' },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'DropdbStmt') return []
    const name = quoteName(readText(node, 'dbname') ?? '')
    return [{ severity: 'error', objects: [name], message: `the database ${name} is destroyed` }]
  },
}
