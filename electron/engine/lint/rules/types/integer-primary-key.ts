import { quoteName } from '../../../../../shared/sql/quote-name.ts'
import type { LintRule } from '../../rule/lint-rule.ts'
import { type Column, findConstraint } from '../../tree/column.ts'
import { serialTypes } from '../../tree/column-type.ts'
import { readNewColumns, readTableConstraints } from '../../tree/table-commands.ts'

/** Fires when a new primary key can run out of numbers. */
export const integerPrimaryKey: LintRule = {
  name: 'integer_primary_key',
  title: 'Give primary keys bigint',
  why: 'An integer key ends at 2,147,483,647, and changing its type later rewrites the whole table.',
  remedy: 'Use bigint: on disk it mostly costs nothing, for columns are aligned.',
  example: {
    bad: 'create table bills (id integer generated always as identity primary key)',
    good: 'create table bills (id bigint generated always as identity primary key)',
  },
  checkStatement(statement) {
    const keys = readTableConstraints(statement).flatMap(one => (one.kind === 'primary' ? one.columns : []))
    return readNewColumns(statement).flatMap(({ table, column }) => {
      const isKey =
        findConstraint(column, 'primary') !== undefined || (keys.length === 1 && keys[0] === column.name)
      if (!isKey || !numbered.has(column.type.name) || !countsUp(column)) return []
      const type = serialTypes.get(column.type.name) ?? column.type.sql
      const message = `the primary key ${table.sql}.${quoteName(column.name)} is ${type} and will run out of numbers`
      return [{ severity: 'note', objects: [table.key], message } as const]
    })
  },
}

const numbered: ReadonlySet<string> = new Set(['int2', 'int4', 'smallserial', 'serial2', 'serial', 'serial4'])

function countsUp(column: Column): boolean {
  return serialTypes.has(column.type.name) || findConstraint(column, 'identity') !== undefined
}
