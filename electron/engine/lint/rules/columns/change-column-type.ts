import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { ColumnType } from '../../../../catalog/catalog-item.ts'
import { readNode } from '../../../../sql/syntax-node.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import { haveSameName, isServerType, readType } from '../../tree/column-type.ts'
import { joinSteps } from '../../tree/safer-sql.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when another type makes the server rewrite the table, or the indexes on it. */
export const changeColumnType: LintRule = {
  name: 'change_column_type',
  title: 'Change no type that is stored differently',
  why: 'The whole table and its indexes are rewritten while reads and writes are blocked; old code may not know the new type.',
  remedy:
    'Add a column of the new type, keep both in step with a trigger, fill it in portions, and change over.',
  example: {
    bad: 'alter table orders alter column id type bigint',
    good: 'alter table orders alter column note type text',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, name, definition }) => {
      if (action !== 'AlterColumnType') return []
      const wanted = readType(readNode(readNode(definition, 'ColumnDef'), 'typeName'))
      const converts = 'raw_default' in readNode(definition, 'ColumnDef')
      const found = context.schema
        .shapesOf(table.key)
        .flatMap(shape => shape.columns.filter(column => column.name === name).map(column => column.type))
      const isHarmless = found.length > 0 && found.every(type => isWidening(type, wanted))
      if (isHarmless && !converts) return []
      const column = quoteName(name)
      const from = found[0] === undefined ? '' : ` from ${found[0].sql}`
      return reportFinding(context, table, {
        message: shown =>
          `changing ${column}${from} to ${wanted.sql} rewrites all of ${shown} while it is locked`,
        ...(found.length === 0 ? { atMost: 'warning' as const } : {}),
        saferSql: joinSteps(
          `alter table ${table.sql} add column ${quoteName(`${name}_new`)} ${wanted.sql}`,
          '-- keep both in step with a trigger, fill the old rows in portions, and change over',
        ),
      })
    })
  },
}

/** Whether values of one type are stored just like values of the other, and all fit. */
function isWidening(from: ColumnType, to: ColumnType): boolean {
  if (from.isArray !== to.isArray) return false
  const isText = (type: ColumnType) => isServerType(type, 'text', 'varchar')
  if (isText(from) && isText(to)) return fits(from, to)
  if (isServerType(from, 'cidr') && isServerType(to, 'inet')) return true
  if (!haveSameName(from, to)) return false
  const [fromFirst, fromSecond = 0] = from.arguments
  const [toFirst, toSecond = 0] = to.arguments
  if (isServerType(from, 'numeric')) {
    return (
      toFirst === undefined || (fromFirst !== undefined && fromFirst <= toFirst && fromSecond === toSecond)
    )
  }
  return isServerType(from, 'varbit') ? fits(from, to) : fromFirst === toFirst
}

function fits(from: ColumnType, to: ColumnType): boolean {
  const [most] = to.arguments
  return most === undefined || (from.arguments[0] !== undefined && from.arguments[0] <= most)
}
