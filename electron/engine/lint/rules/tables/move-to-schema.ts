import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, readText } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when running code would look for an object in its old schema. */
export const moveToSchema: LintRule = {
  name: 'move_to_schema',
  title: 'Move nothing that is in use to another schema',
  why: 'Code that is running finds the object no longer, unless its search path holds the new schema.',
  remedy: 'Leave a view in the old schema until no code uses it.',
  example: {
    bad: 'alter table orders set schema archive',
    good: 'create view archive.orders as select * from orders',
  },
  checkStatement({ tree: { type, node } }, context) {
    if (type !== 'AlterObjectSchemaStmt') return []
    const table = readRelation(readNode(node, 'relation'))
    const schema = quoteName(readText(node, 'newschema') ?? '')
    if (!table || context.state.isNew(table.key)) return []
    const message = `${table.sql} moves to the schema ${schema}, and code that uses the old name fails`
    return [{ severity: 'warning', objects: [table.key], message }]
  },
}
