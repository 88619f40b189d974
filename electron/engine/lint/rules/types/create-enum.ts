import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNameParts, readNodes } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a list of words is made a type. */
export const createEnum: LintRule = {
  name: 'create_enum',
  title: 'Prefer a table or a check to an enum',
  why: 'A value of an enum can be added but never removed, nor put in another place.',
  remedy: 'Use a table that holds the words, or a check on a text column.',
  example: {
    bad: "create type colour as enum ('red', 'green')",
    good: 'create table colours (name text primary key)',
  },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'CreateEnumStmt') return []
    const name = readNameParts(readNodes(node, 'typeName')).map(quoteName).join('.')
    return [{ severity: 'note', objects: [name], message: `values of ${name} can never be removed` }]
  },
}
