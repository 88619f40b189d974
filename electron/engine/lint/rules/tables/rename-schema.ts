import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'

/** Fires when running code would look for a schema under its old name. */
export const renameSchema: LintRule = {
  name: 'rename_schema',
  title: 'Rename no schema that is in use',
  why: 'Every name in it changes at once: running code, search paths and function bodies still hold the old one.',
  remedy: 'Make a new schema, move the objects one by one, and leave views behind.',
  example: { bad: 'alter schema shop rename to store', good: 'create schema store' },
  checkStatement({ tree: { type, node } }) {
    if (type !== 'RenameStmt' || node.renameType !== 'OBJECT_SCHEMA') return []
    const from = quoteName(readText(node, 'subname') ?? '')
    const to = quoteName(readText(node, 'newname') ?? '')
    const message = `the schema ${from} becomes ${to}, and everything that names it fails`
    return [{ severity: 'warning', objects: [from], message }]
  },
}
