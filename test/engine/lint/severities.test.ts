import { describe, expect, it } from 'vitest'
import type { TableFacts } from '../../../electron/engine/ports/schema-facts.ts'
import { findingsOf, lintSteps, stepOf } from './lint-fixture.ts'

const sql = 'create index orders_note_idx on orders (note)'
const weigh = async (rows: number | null, bytes: number, largeTableRows = 100_000) => {
  const sizes: readonly TableFacts[] = [{ table: 'public.orders', rows, bytes }]
  const [finding] = await findingsOf('index_without_concurrently', sql, {
    sizes,
    settings: { largeTableRows },
  })
  return `${finding?.severity}: ${finding?.message.replace(/.*\(/, '(')}`
}

describe('what locks a table weighs', () => {
  it.each([
    [2_100_000, 'error: (about 2,100,000 rows)'],
    [100_001, 'error: (about 100,001 rows)'],
    [100_000, 'warning: (about 100,000 rows)'],
    [10_001, 'warning: (about 10,001 rows)'],
    [10_000, 'note: (about 10,000 rows)'],
    [1, 'note: (about 1 row)'],
    [0, 'note: (about 0 rows)'],
  ])('as much as its %i rows', async (rows, words) => {
    expect(await weigh(rows, 0)).toBe(words)
  })

  it.each([
    [100_000_001, 'error: (100.0 MB, never analysed)'],
    [10_000_001, 'warning: (10.0 MB, never analysed)'],
    [8_192, 'note: (8.2 kB, never analysed)'],
  ])('as much as its %i bytes when it was never analysed', async (bytes, words) => {
    expect(await weigh(null, bytes)).toBe(words)
  })

  it('by the limit of the policy', async () => {
    expect(await weigh(50, 0, 10)).toBe('error: (about 50 rows)')
    expect(await weigh(1, 0, 0)).toBe('error: (about 1 row)')
    expect(await weigh(0, 0, 0)).toBe('note: (about 0 rows)')
    expect(await weigh(2_000_000, 0, 100_000_000)).toBe('note: (about 2,000,000 rows)')
  })

  it('something when its size is not known', async () => {
    const [finding] = await findingsOf('index_without_concurrently', sql, { sizes: [] })
    expect([finding?.severity, finding?.message]).toEqual([
      'warning',
      expect.stringContaining('(size not known)'),
    ])
  })

  it('nothing when the plan itself made the table, in this revision or an earlier one', async () => {
    const create = 'create table bills (id bigint primary key, note text)'
    const index = 'create index bills_note_idx on bills (note)'
    expect(await findingsOf('index_without_concurrently', `${create};\n${index}`)).toEqual([])
    const steps = [await stepOf('0002', create), await stepOf('0003', index)]
    expect((await lintSteps(steps)).filter(one => one.rule === 'index_without_concurrently')).toEqual([])
  })

  it('as much as before when a table is made IF NOT EXISTS and some tenant has it', async () => {
    const text = `create table if not exists orders (id bigint);\n${sql}`
    expect(await findingsOf('index_without_concurrently', text)).toMatchObject([{ severity: 'error' }])
    const other = 'create table if not exists bills (id bigint);\ncreate index on bills (id)'
    expect(await findingsOf('index_without_concurrently', other)).toEqual([])
  })
})

it('knows a table by its name, whatever its quotes and its schema', async () => {
  const sizes = [
    { table: 'public."order"', rows: 5_000_000, bytes: 0 },
    { table: '"Sales Dept".orders', rows: 7_000_000, bytes: 0 },
  ]
  for (const name of ['"order"', 'public."order"', '"Sales Dept".orders']) {
    const [finding] = await findingsOf('vacuum_full', `vacuum full ${name}`, { sizes })
    expect(finding?.message).toMatch(/^all of .* \(about \d,000,000 rows\)/)
  }
})
