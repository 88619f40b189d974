import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLines, readRows } from '../../../renderer/log/copy-lines.ts'
import { findFailure, findPosition } from '../../../renderer/log/find-line.ts'
import { nextMatch, rowsOfAll, rowsOfMatches } from '../../../renderer/log/log-rows.ts'
import { createPageCache, type ReadPage } from '../../../renderer/log/page-cache.ts'
import type { LogFilter } from '../../../shared/api/log-line.ts'
import { createLongLog, logOf, makeRun } from '../../support/dashboard/sample-run.ts'

const events = makeRun(300, [40, 150, 290])
const log = logOf(() => events)
const reading =
  (filter: LogFilter): ReadPage =>
  async (from, count) => ({ ok: true, value: log.range({ filter, from, count }) })

describe('finding a line under a filter', () => {
  it('gives its position, or that of the next line that passes', async () => {
    const read = reading({ tenant: 'tenant-0150' })
    const whole = log.range({ filter: { tenant: 'tenant-0150' }, from: 0, count: 100 }).lines
    for (const [index, line] of whole.entries()) expect(await findPosition(read, line.line)).toBe(index)
    expect(await findPosition(read, whole[1]!.line + 1)).toBe(2)
    expect(await findPosition(read, events.length + 5)).toBeNull()
  })

  it('needs no search where every line passes', async () => {
    const long = createLongLog(10_000_000)
    const read: ReadPage = async (from, count) => ({ ok: true, value: long.range({}, from, count) })
    expect(await findPosition(read, 9_999_999)).toBe(9_999_998)
    expect(long.asked).toHaveLength(1)
  })
})

describe('going from one failure to the next', () => {
  it('visits every error once, in both directions, and stops at the last', async () => {
    const errors = log
      .range({ filter: {}, from: 0, count: 100_000 })
      .lines.filter(line => line.level === 'error')
    const read = reading({ problemsWith: 0 })
    const forwards: number[] = []
    for (
      let found = await findFailure(read, 0, 'next');
      found;
      found = await findFailure(read, found.line, 'next')
    )
      forwards.push(found.line)
    expect(forwards).toEqual(errors.map(({ line }) => line))
    const backwards: number[] = []
    for (
      let found = await findFailure(read, events.length + 1, 'previous');
      found;
      found = await findFailure(read, found.line, 'previous')
    )
      backwards.unshift(found.line)
    expect(backwards).toEqual(forwards)
  })
})

describe('the rows of a search', () => {
  it('go round from the last match to the first', () => {
    expect(nextMatch([3, 8, 20], null, 'next')).toBe(3)
    expect(nextMatch([3, 8, 20], 8, 'next')).toBe(20)
    expect(nextMatch([3, 8, 20], 20, 'next')).toBe(3)
    expect(nextMatch([3, 8, 20], 3, 'previous')).toBe(20)
    expect(nextMatch([3, 8, 20], 10, 'previous')).toBe(8)
    expect(nextMatch([], 3, 'next')).toBeNull()
  })
})

describe('copying lines', () => {
  it('takes exactly the chosen rows, also those that are out of sight', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1_200 }),
        fc.integer({ min: 0, max: 700 }),
        async (first, more) => {
          const cache = createPageCache(reading({}))
          const rows = rowsOfAll(cache, events.length)
          const last = Math.min(events.length - 1, first + more)
          const lines = await readRows(reading({}), rows, first, last)
          expect(lines?.map(({ line }) => line)).toEqual(
            Array.from({ length: last - first + 1 }, (_, index) => first + index + 1),
          )
        },
      ),
      { numRuns: 20 },
    )
  })

  it('takes the matching lines alone when only those are shown', async () => {
    const cache = createPageCache(reading({}))
    const rows = rowsOfMatches(cache, { total: 3, positions: [5, 6, 900], problem: null })
    expect((await readRows(reading({}), rows, 0, 2))?.map(({ line }) => line)).toEqual([6, 7, 901])
  })

  it('gives text without anything that steers a terminal, or JSON as it is stored', () => {
    const line = { ...log.range({ filter: {}, from: 0, count: 1 }).lines[0]!, text: '\u001b[31mred\u001b[0m' }
    expect(formatLines([line], 'text')).toMatch(/ {2}red$/)
    expect(JSON.parse(formatLines([line], 'json'))).toEqual([line])
  })
})
