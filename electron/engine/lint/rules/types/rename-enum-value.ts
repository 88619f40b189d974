import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNameParts, readNodes, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when running code would write a value that is gone. */
export const renameEnumValue: LintRule = {
  name: 'rename_enum_value',
  title: 'Rename no enum value that is in use',
  why: 'Code that is running still writes and compares the old word, and fails from the moment of the commit on.',
  remedy: 'Add the new value, change code and rows, and leave the old one unused.',
  example: {
    bad: "alter type status rename value 'sent' to 'shipped'",
    good: "alter type status add value 'shipped' after 'sent'",
  },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'AlterEnumStmt' || !('oldVal' in node)) return []
    const name = readNameParts(readNodes(node, 'typeName')).map(quoteName).join('.')
    const message = `'${readText(node, 'oldVal')}' of ${name} becomes '${readText(node, 'newVal')}', and code that uses the old word fails`
    return [{ severity: 'warning', objects: [name], message }]
  },
}
