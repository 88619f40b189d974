import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when running code would look for a column under its old name. */
export const renameColumn: LintRule = {
  name: 'rename_column',
  title: 'Rename no column that is in use',
  why: 'Code that is running still asks for the old name, and fails from the moment of the commit on.',
  remedy: 'Add a column of the new name, keep both in step, change the code, and drop the old one later.',
  example: {
    bad: 'alter table orders rename column note to remark',
    good: 'alter table orders add column remark text',
  },
  checkStatement({ tree }, context) {
    const { type, node } = tree
    if (type !== 'RenameStmt' || node.renameType !== 'OBJECT_COLUMN') return []
    const table = readRelation(readNode(node, 'relation'))
    const from = readText(node, 'subname') ?? ''
    const to = readText(node, 'newname') ?? ''
    if (!table || context.state.isNewColumn(table.key, from)) return []
    return [
      {
        severity: 'warning',
        objects: [table.key],
        message: `${table.sql}.${quoteName(from)} becomes ${quoteName(to)}, and code that uses the old name fails`,
      },
    ]
  },
}
