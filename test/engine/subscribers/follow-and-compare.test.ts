import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { StatementReader } from '../../../electron/engine/conflicts/route-statement.ts'
import { replayConflict } from '../../../electron/engine/gates/replicas/replay-conflict.ts'
import type {
  HeldTable,
  Publication,
  PublishedTable,
} from '../../../electron/engine/ports/subscriber-facts.ts'
import { compareTables, compareWithBefore } from '../../../electron/engine/subscribers/compare-tables.ts'
import { followRoute } from '../../../electron/engine/subscribers/follow-route.ts'
import { matchSlots } from '../../../electron/engine/subscribers/match-slots.ts'
import {
  type PublishedSchema,
  selectPublished,
} from '../../../electron/engine/subscribers/select-published.ts'
import type { SubscriberForecast } from '../../../shared/analysis/subscriber-forecast.ts'
import type { GateAnswer } from '../../../shared/plan/verdict.ts'
import { columnType } from '../catalog-items.ts'
import { createContext, defaults, never, step } from '../gates/fake-context.ts'

const orders: PublishedTable = {
  table: 'public.orders',
  columns: [
    { name: 'id', type: columnType('integer') },
    { name: 'email', type: columnType('text') },
  ],
  isFixed: false,
}
const before: PublishedSchema = { tables: [orders], newTables: [] }

async function follow(sql: string, published = before, schema?: string): Promise<readonly string[]> {
  const reader = new StatementReader(createSqlParser())
  const steps = [await reader.readStep(step('a1', { statements: [{ sql, tables: [] }] }), 0)]
  return followRoute(steps, published, schema).tables.map(
    ({ table, columns }) =>
      `${table}(${(columns ?? []).map(one => `${one.name} ${one.type.sql}`).join(', ')})`,
  )
}

describe('what is published after a migration', () => {
  const whole: PublishedSchema = { ...before, newTables: 'all' }
  it.each([
    [
      'has an added column',
      'alter table orders add note text',
      'public.orders(id integer, email text, note text)',
    ],
    [
      'has no generated column',
      'alter table orders add twice int generated always as (id * 2) stored',
      'public.orders(id integer, email text)',
    ],
    ['lacks a dropped column', 'alter table orders drop column email', 'public.orders(id integer)'],
    [
      'calls a renamed column anew',
      'alter table orders rename email to mail',
      'public.orders(id integer, mail text)',
    ],
    [
      'has the new type of a column',
      'alter table orders alter id type bigint',
      'public.orders(id bigint, email text)',
    ],
    [
      'calls a renamed table anew',
      'alter table orders rename to sales',
      'public.sales(id integer, email text)',
    ],
    [
      'leaves other tables alone',
      'alter table others add note text',
      'public.orders(id integer, email text)',
    ],
    [
      'has no new table where tables are listed',
      'create table notes (id int)',
      'public.orders(id integer, email text)',
    ],
  ])('%s', async (_title, sql, expected) => {
    expect(await follow(sql)).toEqual([expected])
  })

  it('has a new table where all tables are published, but none that is temporary or unlogged', async () => {
    expect(await follow('create table notes (id int)', whole)).toContain('public.notes(id integer)')
    expect(await follow('create unlogged table notes (id int)', whole)).toHaveLength(1)
    expect(await follow('create temp table notes (id int)', whole)).toHaveLength(1)
    const bySchema: PublishedSchema = { ...before, newTables: ['app'] }
    expect(await follow('create table app.notes (id int)', bySchema)).toHaveLength(2)
    expect(await follow('create table notes (id int)', bySchema)).toHaveLength(1)
  })

  it('has no new column where the publication lists its columns', async () => {
    const fixed: PublishedSchema = { ...before, tables: [{ ...orders, isFixed: true }] }
    expect(await follow('alter table orders add note text', fixed)).toEqual([
      'public.orders(id integer, email text)',
    ])
  })

  it('is that of the own schema where a tenant is one', async () => {
    const publication: Publication = {
      name: 'all',
      newTables: 'all',
      tables: ['acorn', 'birch'].map(schema => ({ ...orders, table: `${schema}.orders` })),
    }
    const own = selectPublished([publication], ['all'], 'acorn')
    expect(await follow('alter table orders add note text', own, 'acorn')).toEqual([
      'acorn.orders(id integer, email text, note text)',
    ])
  })
})

describe('a subscriber', () => {
  const held: HeldTable = {
    table: 'public.orders',
    columns: [
      { name: 'id', type: columnType('integer'), isRequired: true },
      { name: 'email', type: columnType('text'), isRequired: false },
      { name: 'own', type: columnType('text'), isRequired: false },
    ],
    filledBy: ['reports'],
  }
  const compare = (published: PublishedTable, table: HeldTable | null) =>
    compareTables([published], table ? [table] : [], 'reports')

  it('fits when it has every column, whatever it has of its own', () => {
    expect(compare(orders, held)).toEqual([])
  })

  it('lacks a table, a column, or what another type of it holds', () => {
    const wide = {
      ...orders,
      columns: [
        { name: 'id', type: columnType('bigint') },
        { name: 'note', type: columnType('text') },
      ],
    }
    expect(compare(orders, null)).toEqual([{ kind: 'lacks_table', object: 'public.orders' }])
    expect(compare(wide, held)).toEqual([
      { kind: 'other_type', object: 'public.orders.id', published: 'bigint', held: 'integer' },
      { kind: 'lacks_column', object: 'public.orders.note' },
    ])
  })

  it('wants a value for a column that is not published any more', () => {
    const narrow = { ...orders, columns: [{ name: 'email', type: columnType('text') }] }
    expect(compare(narrow, held)).toEqual([{ kind: 'needs_value', object: 'public.orders.id' }])
  })

  it('leaves out the rows of a table that it has not taken', () => {
    expect(compare(orders, { ...held, filledBy: [] })).toEqual([
      { kind: 'not_taken', object: 'public.orders' },
    ])
  })

  it('that nobody knows is taken to be as the publisher was', () => {
    const wide = {
      ...orders,
      columns: [...(orders.columns ?? []), { name: 'note', type: columnType('text') }],
    }
    expect(compareWithBefore([wide], [orders])).toEqual([
      { kind: 'lacks_column', object: 'public.orders.note' },
    ])
    expect(compareWithBefore([orders], [orders])).toEqual([])
  })

  it('is found by its slot and its publication', () => {
    const slots = ['reports', 'other'].map(name => ({ name, database: 'acorn', isActive: true }))
    const subscription = {
      name: 'reports',
      database: 'copy',
      slot: 'reports',
      publications: ['all'],
      isEnabled: true,
      isApplying: true,
      applyErrors: 0,
    }
    const find = (publications: readonly string[], database = 'acorn') =>
      matchSlots(slots, database, publications, [{ server: 'copies', subscriptions: [subscription] }]).map(
        ({ slot, owner }) => `${slot.name} ${owner?.server ?? 'unknown'}`,
      )
    expect(find(['all'])).toEqual(['reports copies', 'other unknown'])
    expect(find(['another'])).toEqual(['reports unknown', 'other unknown'])
    expect(find(['all'], 'birch')).toEqual([])
  })
})

describe('replay_conflict', () => {
  const lacking: SubscriberForecast = {
    tenant: 'ash',
    slot: 'reports',
    server: 'copies',
    subscription: 'reports',
    differences: [{ kind: 'lacks_column', object: 'public.orders.note' }],
  }
  const judge = (subscribers: readonly SubscriberForecast[] | null, word: 'warn' | 'fail' = 'warn') =>
    replayConflict.judge(
      createContext({
        analysis: { ...createContext().analysis, subscribers },
        settings: { ...defaults.gates, replay_conflict: { maxStallSeconds: 30, subscribers: word } },
      }),
      never,
    )
  const verdictOf = async (answer: Promise<GateAnswer>) => (await answer).verdict

  it('lets through where nobody subscribes, and where the subscriber has everything', async () => {
    expect(await verdictOf(judge([]))).toBe('not_applicable')
    expect(await verdictOf(judge([{ ...lacking, differences: [] }]))).toBe('passed')
  })

  it('warns of a subscriber that would stand still, and stops where that is to be a failure', async () => {
    expect(await judge([lacking])).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "subscription reports will stop at the next change: it has no column public.orders.note",
            "server": "copies",
            "tenant": "ash",
          },
          {
            "fact": "not rehearsed: this plan has not been rehearsed",
          },
        ],
        "remedy": "Make public.orders.note on copies as published, before the rows come.",
        "threshold": "replay waits at most 30 s",
        "value": "not rehearsed; 1 of 1 logical subscription not ready",
        "verdict": "warned",
      }
    `)
    expect(await verdictOf(judge([lacking], 'fail'))).toBe('failed')
  })

  it('only warns of rows that are left out, and of slots that nobody has declared', async () => {
    const left: SubscriberForecast = {
      ...lacking,
      differences: [{ kind: 'not_taken', object: 'public.orders' }],
    }
    expect(await verdictOf(judge([left], 'fail'))).toBe('warned')
    expect(await verdictOf(judge([{ ...lacking, server: null, subscription: '' }], 'fail'))).toBe('warned')
  })

  it('says so where it could not be found out who subscribes', async () => {
    expect(await verdictOf(judge(null))).toBe('warned')
  })
})
