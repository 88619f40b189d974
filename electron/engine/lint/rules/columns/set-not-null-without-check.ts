import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintContext, LintRule } from '../../rule/lint-rule.ts'
import { reportFinding } from '../../rule/report-finding.ts'
import type { Relation } from '../../tree/relation.ts'
import { joinSteps, later } from '../../tree/safer-sql.ts'
import { readTableCommands } from '../../tree/table-commands.ts'

/** Fires when all rows are read for nulls while the table is locked. */
export const setNotNullWithoutCheck: LintRule = {
  name: 'set_not_null_without_check',
  title: 'Prove that there are no nulls before SET NOT NULL',
  why: 'Every row is read for nulls while reads and writes of the table are blocked, unless a valid check proves it.',
  remedy:
    'Add a check NOT VALID, validate it in a later migration, and then set NOT NULL, which reads nothing.',
  example: {
    bad: 'alter table orders alter column note set not null',
    good: 'alter table orders add constraint orders_note_check check (note is not null) not valid;\nalter table orders validate constraint orders_note_check;\nalter table orders alter column note set not null',
  },
  checkStatement(statement, context) {
    return readTableCommands(statement).flatMap(({ table, action, name }) => {
      if (action !== 'SetNotNull' || isProven(context, table.key, name)) return []
      return reportFinding(context, table, {
        message: shown => `every row of ${shown} is read for nulls in ${quoteName(name)} while it is locked`,
        saferSql: describeSaferWay(context, table, name),
      })
    })
  },
}

function isProven({ state, schema }: LintContext, table: string, column: string): boolean {
  if (state.isProven(table, column)) return true
  const shapes = schema.shapesOf(table)
  return (
    shapes.length > 0 &&
    shapes.every(
      shape =>
        shape.columns.some(one => one.name === column && one.isNotNull) ||
        shape.constraints.some(one => one.isValid && one.notNull === column),
    )
  )
}

function describeSaferWay({ schema }: LintContext, table: Relation, column: string): string {
  const name = quoteName(`${table.name}_${column}_not_null`)
  const alter = `alter table ${table.sql}`
  // Since PostgreSQL 18 the constraint itself can be added without looking.
  if (schema.version !== null && schema.version >= 180000) {
    const add = `${alter} add constraint ${name} not null ${quoteName(column)} not valid`
    return joinSteps(add, later, `${alter} validate constraint ${name}`)
  }
  return joinSteps(
    `${alter} add constraint ${name} check (${quoteName(column)} is not null) not valid`,
    later,
    `${alter} validate constraint ${name}`,
    later,
    `${alter} alter column ${quoteName(column)} set not null`,
    `${alter} drop constraint ${name}`,
  )
}
