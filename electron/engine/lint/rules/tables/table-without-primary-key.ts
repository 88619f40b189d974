import { readNode, readNodes, type SyntaxNode } from '../../../../sql/syntax-node.ts'
import type { LintRule, RuleFinding } from '../../rule/lint-rule.ts'
import { findConstraint } from '../../tree/column.ts'
import { readRelation } from '../../tree/relation.ts'
import { readAddedConstraints, readNewColumns, readTableConstraints } from '../../tree/table-commands.ts'

/** Fires when rows of a new table cannot be told apart. */
export const tableWithoutPrimaryKey: LintRule = {
  name: 'table_without_primary_key',
  title: 'Give every table a primary key',
  why: 'Without one, logical replication refuses updates and deletes, and rows cannot be written in portions.',
  remedy: 'Add a primary key.',
  example: {
    bad: 'create table bills (day date)',
    good: 'create table bills (id bigint primary key, day date)',
  },
  checkStep({ statements }) {
    const keyed = new Set(
      statements.flatMap(statement =>
        readAddedConstraints(statement, 'primary').map(({ table }) => table.key),
      ),
    )
    return statements.flatMap((statement): readonly RuleFinding[] => {
      const { type, node } = statement.tree
      const table = type === 'CreateStmt' ? readRelation(readNode(node, 'relation')) : null
      if (!table || keyed.has(table.key) || takesShape(node)) return []
      const hasKey =
        readTableConstraints(statement).some(({ kind }) => kind === 'primary') ||
        readNewColumns(statement).some(({ column }) => findConstraint(column, 'primary'))
      if (hasKey) return []
      return [
        { severity: 'note', objects: [table.key], message: `${table.sql} has no primary key`, at: statement },
      ]
    })
  },
}

/** Partitions, children and copies can have the key of another table; a temporary one needs none. */
function takesShape(node: SyntaxNode): boolean {
  const isCopy = readNodes(node, 'tableElts').some(item => 'TableLikeClause' in item)
  return (
    isCopy ||
    'inhRelations' in node ||
    'ofTypename' in node ||
    readNode(node, 'relation').relpersistence === 't'
  )
}
