import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNameParts, readNodes, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a new value of an enum does not say where it belongs. */
export const enumValueWithoutPosition: LintRule = {
  name: 'enum_value_without_position',
  title: 'Say where a new enum value belongs',
  why: 'Values sort in the order of their places; a place cannot be changed later.',
  remedy: 'Write BEFORE or AFTER with one of its neighbours.',
  example: {
    bad: "alter type status add value 'lost'",
    good: "alter type status add value 'lost' after 'sent'",
  },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'AlterEnumStmt' || 'oldVal' in node || 'newValNeighbor' in node) return []
    const name = readNameParts(readNodes(node, 'typeName')).map(quoteName).join('.')
    return [
      { severity: 'note', objects: [name], message: `'${readText(node, 'newVal')}' comes last in ${name}` },
    ]
  },
}
