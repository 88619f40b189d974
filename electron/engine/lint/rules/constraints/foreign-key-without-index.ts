import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import { readNode } from '../../../../sql/syntax-node.ts'
import { hasIndexOn } from '../../rule/index-columns.ts'
import type { LintRule, RuleFinding } from '../../rule/lint-rule.ts'
import { readRelation } from '../../tree/relation.ts'
import { columnList, joinSteps, withoutTransaction } from '../../tree/safer-sql.ts'
import { readAddedConstraints, readNewColumns, readTableConstraints } from '../../tree/table-commands.ts'

/** Fires when the columns of a foreign key have no index. */
export const foreignKeyWithoutIndex: LintRule = {
  name: 'foreign_key_without_index',
  title: 'Index the columns of a foreign key',
  why: 'Deleting or changing a row of the parent reads the whole child table to see whether anything refers to it.',
  remedy: 'Make an index that begins with the columns of the foreign key.',
  example: {
    bad: 'create table bills (id bigint primary key, order_id bigint references orders (id))',
    good: 'create table bills (id bigint primary key, order_id bigint references orders (id));\ncreate index bills_order_idx on bills (order_id)',
  },
  checkStep({ statements }, context) {
    const keys = statements.flatMap(statement => {
      const relation = readRelation(readNode(statement.tree.node, 'relation'))
      const own = relation
        ? readTableConstraints(statement).map(constraint => ({ statement, table: relation, constraint }))
        : []
      const inline = readNewColumns(statement).flatMap(({ table, column }) =>
        column.constraints.map(constraint => ({
          statement,
          table,
          constraint: { ...constraint, columns: [column.name] },
        })),
      )
      const added = readAddedConstraints(statement, 'foreign').map(one => ({ ...one, statement }))
      return [...own, ...inline, ...added]
    })
    return keys.flatMap(({ statement, table, constraint }): readonly RuleFinding[] => {
      if (constraint.kind !== 'foreign' || hasIndexOn(context, table.key, constraint.columns)) return []
      const columns = columnList(constraint.columns)
      const index = quoteName([table.name, ...constraint.columns, 'idx'].join('_'))
      const parent = constraint.references?.sql ?? 'its parent'
      return [
        {
          severity: 'note',
          objects: [table.key],
          message: `${table.sql} (${columns}) refers to ${parent} and has no index`,
          // A table that is new has no rows to read, and can have its index in the same revision.
          saferSql: context.state.isNew(table.key)
            ? joinSteps(`create index ${index} on ${table.sql} (${columns})`)
            : joinSteps(
                withoutTransaction,
                `create index concurrently ${index} on ${table.sql} (${columns})`,
              ),
          at: statement,
        },
      ]
    })
  },
}
