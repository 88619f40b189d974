import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, readNodes, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when a schema goes. */
export const dropSchema: LintRule = {
  name: 'drop_schema',
  title: 'Drop no schema that may hold something',
  why: 'With CASCADE everything in it goes, whatever it is; without, the statement fails where a tenant has more in it.',
  remedy: 'Drop the objects by name, so that the plan shows them.',
  example: { bad: 'drop schema archive cascade', good: 'drop view archive.old_orders' },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'DropStmt' || node.removeType !== 'OBJECT_SCHEMA') return []
    return readNodes(node, 'objects').map(object => {
      const name = quoteName(readText(readNode(object, 'String'), 'sval') ?? '')
      const all = node.behavior === 'DROP_CASCADE'
      return {
        severity: all ? 'error' : 'warning',
        objects: [name],
        message: all ? `the schema ${name} goes with everything in it` : `the schema ${name} goes`,
      } as const
    })
  },
}
