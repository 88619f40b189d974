import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { nameRelation, readRelation } from '../../tree/relation.ts'
import { joinSteps } from '../../tree/safer-sql.ts'

/** Fires when running code would look for a table under its old name. */
export const renameTable: LintRule = {
  name: 'rename_table',
  title: 'Rename no table that is in use',
  why: 'Code that is running still asks for the old name, and fails from the moment of the commit on.',
  remedy: 'Leave a view under the old name until no code uses it.',
  example: {
    bad: 'alter table orders rename to purchases',
    good: 'create table purchases_new (id bigint);\nalter table purchases_new rename to purchases',
  },
  checkStatement({ tree }, context) {
    const { type, node } = tree
    if (type !== 'RenameStmt' || (node.renameType !== 'OBJECT_TABLE' && node.renameType !== 'OBJECT_VIEW'))
      return []
    const table = readRelation(readNode(node, 'relation'))
    const to = quoteName(readText(node, 'newname') ?? '')
    if (!table || context.state.isNew(table.key)) return []
    const renamed = nameRelation(table.schema, readText(node, 'newname') ?? '')
    return [
      {
        severity: 'warning',
        objects: [table.key],
        message: `${table.sql} becomes ${to}, and code that uses the old name fails`,
        ...(node.renameType === 'OBJECT_TABLE'
          ? { saferSql: joinSteps(tree.sql, `create view ${table.sql} as select * from ${renamed.sql}`) }
          : {}),
      },
    ]
  },
}
