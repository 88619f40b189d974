import { expect, test } from 'vitest'
import { readColumnType } from '../../../../electron/adapters/postgres/catalog/read-column-type.ts'

const argumentsOf = (name: string, modifier: number) =>
  readColumnType({ schema: 'pg_catalog', name, isArray: false, modifier, sql: '' }).arguments

/** Modifiers as `pg_attribute.atttypmod` holds them. */
test.each<[string, string, number, readonly number[]]>([
  ['text', 'text', -1, []],
  ['varchar(20)', 'varchar', 24, [20]],
  ['char(5)', 'bpchar', 9, [5]],
  ['numeric(10,2)', 'numeric', 655_366, [10, 2]],
  ['numeric(10)', 'numeric', 655_364, [10, 0]],
  ['numeric(3,-2)', 'numeric', 198_658, [3, -2]],
  ['numeric(1000,1000)', 'numeric', 65_537_004, [1000, 1000]],
  ['timestamptz(3)', 'timestamptz', 3, [3]],
  ['interval(3)', 'interval', 2_147_418_115, [32_767, 3]],
  ['interval day to second', 'interval', 470_351_871, [7_176]],
  ['bit varying(9)', 'varbit', 9, [9]],
])('reads the numbers of %s', (_sql, name, modifier, expected) => {
  expect(argumentsOf(name, modifier)).toEqual(expected)
})
