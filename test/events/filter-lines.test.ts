import fc from 'fast-check'
import { expect, it } from 'vitest'
import { filterLines } from '../../electron/events/filter-lines.ts'
import type { LogLine } from '../../shared/api/log-line.ts'

const line: LogLine = {
  line: 1,
  at: '2026-01-01T00:00:00.000Z',
  level: 'info',
  source: 'engine',
  phase: null,
  group: null,
  tenant: null,
  gate: null,
  attempt: null,
  type: 'run.started',
  text: '',
}
const numbersOf = (lines: readonly LogLine[]) => lines.map(one => one.line)

it('leaves every line without a filter, and those that fit all of it with one', () => {
  const lines: LogLine[] = [
    { ...line, line: 1, tenant: 'ash', attempt: 1 },
    { ...line, line: 2, tenant: 'birch', attempt: 2 },
    { ...line, line: 3, tenant: 'birch', attempt: 1, phase: 'rollback' },
    { ...line, line: 4, gate: 'capacity', source: 'gate' },
  ]
  expect(numbersOf(filterLines(lines, {}))).toEqual([1, 2, 3, 4])
  expect(numbersOf(filterLines(lines, { tenant: 'birch' }))).toEqual([2, 3])
  expect(numbersOf(filterLines(lines, { tenant: 'birch', attempt: 1 }))).toEqual([3])
  expect(numbersOf(filterLines(lines, { phase: 'rollback' }))).toEqual([3])
  expect(numbersOf(filterLines(lines, { gate: 'capacity' }))).toEqual([4])
  expect(numbersOf(filterLines(lines, { source: 'gate' }))).toEqual([4])
})

it('leaves problems with as many neighbours as are wanted, counted among the lines that pass', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ isBad: fc.boolean(), isOther: fc.boolean() }), { maxLength: 40 }),
      fc.nat(5),
      (facts, problemsWith) => {
        const lines = facts.map(
          ({ isBad, isOther }, index): LogLine => ({
            ...line,
            line: index + 1,
            level: isBad ? 'warning' : 'info',
            tenant: isOther ? 'ash' : 'birch',
          }),
        )
        const passing = lines.filter(one => one.tenant === 'birch')
        const expected = passing.filter((_one, index) =>
          passing.some((other, at) => other.level !== 'info' && Math.abs(at - index) <= problemsWith),
        )
        expect(filterLines(lines, { tenant: 'birch', problemsWith })).toEqual(expected)
      },
    ),
  )
})
