import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode, readText } from '../../../../sql/syntax-node.ts'
import { keyBeside } from '../../rule/catalog-facts.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { readIndexColumns } from '../../rule/route-state.ts'
import { readRelation } from '../../tree/relation.ts'

/** Fires when an index is made that another one already covers. */
export const duplicateIndex: LintRule = {
  name: 'duplicate_index',
  title: 'Make no index twice',
  why: 'Every index costs time at each write and space on disk; a second one on the same columns gives nothing back.',
  remedy: 'Leave it out, or drop the other one.',
  example: {
    bad: 'create table bills (id bigint, day date);\ncreate index bills_a on bills (day);\ncreate index bills_b on bills (day)',
    good: 'create table bills (id bigint, day date);\ncreate index bills_a on bills (day);\ncreate index bills_b on bills (id)',
  },
  checkStatement({ tree }, context) {
    const { type, node } = tree
    const table = readRelation(readNode(node, 'relation'))
    const method = readText(node, 'accessMethod') ?? 'btree'
    const columns = readIndexColumns(node)
    if (
      type !== 'IndexStmt' ||
      !table ||
      method !== 'btree' ||
      'whereClause' in node ||
      columns.includes(null)
    )
      return []
    const name = readText(node, 'idxname') ?? ''
    const isUnique = node.unique === true
    const here = [...context.state.indexes]
      .filter(([, index]) => index.table === table.key && index.isPlain)
      .map(([key, index]) => ({ name: key, columns: index.columns, isUnique: index.isUnique }))
    const there = context.schema
      .shapesOf(table.key)
      .flatMap(shape =>
        shape.indexes
          .filter(index => index.isValid && index.isWhole && index.method === 'btree')
          .filter(
            index =>
              index.name !== name && !context.state.droppedIndexes.has(keyBeside(table.key, index.name)),
          ),
      )
    for (const other of [...here, ...there]) {
      const isSame = other.columns.length === columns.length
      const isCovered = columns.every((column, place) => other.columns[place] === column)
      // A unique index promises more than an index for searching does.
      if (!isCovered || (isUnique && !(isSame && other.isUnique))) continue
      const how = isSame ? 'holds the same columns as' : 'is covered by'
      const message = `${quoteName(name)} on ${table.sql} ${how} ${other.name}`
      return [{ severity: isSame ? 'warning' : 'note', objects: [table.key, name], message }]
    }
    return []
  },
}
