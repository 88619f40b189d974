import { describe, expect, it } from 'vitest'
import { conflictWords } from '../../../electron/engine/conflicts/conflict.ts'
import { findBranches } from '../../../electron/engine/conflicts/find-branches.ts'
import { readLongNames } from '../../../electron/engine/conflicts/find-long-names.ts'
import { StatementReader } from '../../../electron/engine/conflicts/route-statement.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Revision } from '../../../shared/plan/migration-graph.ts'
import { type ItemValues, item } from '../catalog-items.ts'
import { parser, stepOf } from '../lint/lint-fixture.ts'
import { makeStep } from '../sample-plans.ts'
import { brief, searchSql, searchSteps, shop } from './conflict-fixture.ts'

const makeRevision = (id: string, parents: readonly string[]): Revision => ({
  id,
  parents,
  dependsOn: [],
  labels: [],
  message: '',
  file: `${id}.sql`,
  checksum: '',
  isMerge: parents.length > 1,
})

const replace = (ident: string, definition: string, values: ItemValues) =>
  shop.map(one => (one.ident === ident ? item(one.kind, ident, definition, values) : one))

describe('an index that an attempt has left', () => {
  const on = 'create index concurrently left_idx on orders (total)'
  const printed = 'CREATE INDEX left_idx ON public.orders USING btree (total)'
  const search = async (
    definition: string,
    source: 'sql' | 'alembic',
    { sql = on, ...values }: ItemValues & { readonly sql?: string } = {},
  ) => {
    const found = await searchSql(sql, {
      holds: Object.fromEntries(
        ['acorn', 'birch', 'cedar'].map(name => [
          name,
          [...shop, item('index', 'public.left_idx', definition, values)],
        ]),
      ),
      plan: { source },
    })
    return found.map(brief)
  }
  const taken = 'error already_exists: the statement makes index public.left_idx, which is there already'

  it.each(['sql', 'alembic'] as const)(
    'is in nobody’s way: it is removed, or taken as made (%s)',
    async source => {
      expect(await search(printed, source, { isValid: false, tail: 'valid=0' })).toEqual([])
      expect(await search(printed, source)).toEqual([])
    },
  )

  it('is a conflict where it is another one, or is not made concurrently', async () => {
    expect(await search(printed.replace('total', 'note'), 'sql')).toEqual([taken])
    expect(await search(printed, 'sql', { sql: on.replace(' concurrently', '') })).toEqual([taken])
  })
})

describe('what is there already', () => {
  it.each([
    [
      'create table orders (x int)',
      'error already_exists: the statement makes table public.orders, which is there already',
    ],
    [
      'create table orders_pkey (x int)',
      'error already_exists: the statement makes table public.orders_pkey, which is there already',
    ],
    [
      'alter table orders add column total int',
      'error already_exists: the statement makes column public.orders.total, which is there already',
    ],
    [
      'alter table orders add constraint orders_pkey unique (total)',
      'error already_exists: the statement makes constraint public.orders.orders_pkey, which is there already',
    ],
    [
      'create index orders_total_idx on orders (note)',
      'error already_exists: the statement makes index public.orders_total_idx, which is there already',
    ],
    [
      'create view order_totals as select 1',
      'error already_exists: the statement makes view public.order_totals, which is there already',
    ],
    [
      'create sequence numbers',
      'error already_exists: the statement makes sequence public.numbers, which is there already',
    ],
    [
      'create schema public',
      'error already_exists: the statement makes schema public, which is there already',
    ],
    [
      'alter table customers rename to orders',
      'error already_exists: the statement makes table public.orders, which is there already',
    ],
    [
      'alter table orders rename column note to total',
      'error already_exists: the statement makes column public.orders.total, which is there already',
    ],
    [
      "create type mood as enum ('x')",
      'error type_name_taken: the statement makes type public.mood, which is there already',
    ],
    [
      "create type orders as enum ('x')",
      'error type_name_taken: the statement makes type public.orders, and table public.orders has the name already',
    ],
    [
      'create table mood (x int)',
      'error type_name_taken: the statement makes table public.mood, and type public.mood has the name already',
    ],
    [
      "alter type mood add value 'ok'",
      "error enum_value_exists: the statement makes enum value public.mood 'ok', which is there already",
    ],
    [
      "alter type mood rename value 'sad' to 'ok'",
      "error enum_value_exists: the statement makes enum value public.mood 'ok', which is there already",
    ],
    [
      'create table if not exists orders (id integer, placed date)',
      'warning skipped_but_different: table public.orders is there already and lacks placed: if not exists leaves it so',
    ],
    [
      'alter table orders add column if not exists total text',
      'warning column_type_differs: column public.orders.total is there already as integer, not as text: if not exists leaves it so',
    ],
    [
      "alter type mood add value 'glad'; update orders set note = 'glad'",
      "warning new_enum_value_used: the statement uses enum value public.mood 'glad', which the same transaction adds",
    ],
  ])('%s', async (sql, expected) => {
    expect((await searchSql(sql)).map(brief)).toEqual([expected])
  })

  it('is said of the tenants that drifted, and of no other', async () => {
    const drifted = [...shop, item('column', 'public.orders.placed', 'date')]
    const found = await searchSql('alter table orders add column placed date', { holds: { cedar: drifted } })
    expect(found.map(brief)).toEqual([
      'error already_exists: the statement makes column public.orders.placed, which is there already [cedar]',
    ])
  })

  it('makes a new value of an enum usable in the next transaction', async () => {
    const first = await stepOf('0002', "alter type mood add value 'glad'")
    const alone = makeStep('0003', {
      transactional: false,
      statements: [{ sql: "update orders set note = 'glad'", tables: ['public.orders'] }],
    })
    expect(await searchSteps([first, alone])).toEqual([])
    expect((await searchSteps([first, { ...alone, transactional: true }])).map(({ rule }) => rule)).toEqual([
      'new_enum_value_used',
    ])
  })
})

describe('what hangs on a column or type', () => {
  it.each([
    [
      'alter table orders drop column total',
      'error dependent_breaks: column public.orders.total cannot be dropped: view public.order_totals needs it',
    ],
    [
      'alter table orders alter column total type bigint',
      'error dependent_breaks: column public.orders.total cannot get another type: view public.order_totals needs it',
    ],
    [
      'alter table orders alter column note type text',
      'error dependent_breaks: column public.orders.note cannot get another type: trigger public.orders.stamp needs it',
    ],
    [
      'drop table orders',
      'error dependent_breaks: table public.orders cannot be dropped: view public.order_totals needs it',
    ],
    [
      'alter table orders drop column total cascade',
      'warning dependent_breaks: dropping column public.orders.total with cascade also drops view public.order_totals',
    ],
    [
      'drop type mood',
      'error dependent_breaks: type public.mood cannot be dropped: column public.customers.feeling needs it',
    ],
    [
      'do $$begin null; end$$; alter table orders drop column total',
      'warning dependent_breaks: column public.orders.total cannot be dropped: view public.order_totals needs it',
    ],
  ])('%s', async (sql, expected) => {
    const found = await searchSql(sql)
    expect(found.filter(({ rule }) => rule === 'dependent_breaks').map(brief)).toEqual([expected])
  })

  it.each([
    'drop view order_totals; alter table orders drop column total',
    'drop trigger stamp on orders; alter table orders alter column note type text',
    'alter table customers drop column feeling; drop type mood',
    'alter table customers alter column feeling type text; drop type mood',
    'alter table orders alter column id type bigint',
  ])('does not break with %s', async sql => {
    expect(await searchSql(sql)).toEqual([])
  })
})

describe('a class of tenants that differs', () => {
  it('is named where it holds what the plan touches in another form', async () => {
    const holds = { birch: replace('public.orders.note', 'text', { tail: 'after=id' }) }
    const found = await searchSql('alter table orders alter column note set not null', { holds })
    expect(found.map(brief)).toEqual([
      'warning differs_from_main: column public.orders.note is "text" here and "character varying(20)" in most tenants [birch]',
    ])
  })

  it('is not named for what the plan leaves alone, or for the order of its columns', async () => {
    const holds = { birch: replace('public.orders.note', 'text', { tail: 'after=id' }) }
    expect(await searchSql('alter table customers add column x int', { holds })).toEqual([])
    const moved = { birch: replace('public.orders.note', 'character varying(20)', { tail: 'after=total' }) }
    expect(await searchSql('alter table orders alter column note set not null', { holds: moved })).toEqual([])
  })

  it('that cannot be read is said, and the others are searched all the same', async () => {
    const failing = async (_server: string, { name }: { name: string }) => {
      if (name === 'cedar')
        throw new LockstepError({ kind: 'connection_lost', server: 'primary', during: 'reading' })
      return { hash: '', items: shop }
    }
    const found = await searchSql('drop table gone', {
      holds: { cedar: [] },
      ports: { servers: { readCatalog: failing } as never },
    })
    expect(found.map(({ rule, tenants }) => [rule, tenants])).toEqual([
      ['missing_object', ['acorn', 'birch']],
      ['not_compared', ['cedar']],
    ])
  })
})

describe('names that are too long', () => {
  const long = 'a'.repeat(62)

  it('are found where PostgreSQL would cut them, and where two become one', async () => {
    const sql = `create table ${long}x (id int);\ncreate table ${long}xy (id int);\ncreate table "${long}xz" (id int)`
    const found = await searchSql(sql)
    expect(found.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      'warning long_name',
      'warning long_names_clash',
      'error already_exists',
    ])
    expect(found[0]?.message).toBe(`the name ${long}xy has 64 bytes and becomes ${long}x`)
  })

  it('are counted in bytes, and not looked for in texts and comments', () => {
    expect(readLongNames(`select "${'ä'.repeat(32)}"`)).toEqual(['ä'.repeat(32)])
    expect(readLongNames(`select "${'ä'.repeat(31)}"`)).toEqual([])
    for (const text of [`'${long}xyz'`, `$$${long}xyz$$`, `$a$${long}xyz$a$`, `/* ${long}xyz */ 1`]) {
      expect(readLongNames(`select ${text}`), text).toEqual([])
    }
    expect(readLongNames(`select 1 -- ${long}xyz`)).toEqual([])
  })
})

describe('branches', () => {
  const fork = [
    makeRevision('1', []),
    makeRevision('2a', ['1']),
    makeRevision('2b', ['1']),
    makeRevision('3', ['2a', '2b']),
  ]

  it('that touch the same object are named, but not what comes one after another', async () => {
    const steps = [
      await stepOf('2a', 'alter table orders add column x int; create index i on orders (x)'),
      await stepOf(
        '2b',
        'alter table orders add column if not exists x int; alter table customers add column y int',
      ),
      await stepOf('3', 'alter table orders drop column x'),
    ]
    const found = await searchSteps(steps, { graph: { revisions: fork, heads: ['3'] } })
    expect(found.filter(({ rule }) => rule === 'branches_touch_same_object').map(brief)).toEqual([
      'warning branches_touch_same_object: 2a, 2b touch column public.orders.x, and none of them comes after another',
    ])
  })

  it('of another head are searched too, and several heads are said', async () => {
    const other = await stepOf('2b', 'alter table orders add column x text')
    const found = await searchSteps([await stepOf('2a', 'alter table orders add column x int')], {
      graph: { revisions: fork.slice(0, 3), heads: ['2a', '2b'] },
      plan: {},
      ports: { source: { planSteps: async () => [other] } as never },
    })
    expect(found.map(brief)).toEqual([
      'warning several_heads: there are 2 heads: 2a, 2b',
      'warning branches_touch_same_object: 2a, 2b touch column public.orders.x, and none of them comes after another',
    ])
  })

  it('among 5,000 revisions are found in less than two seconds', async () => {
    const revisions = Array.from({ length: 5_000 }, (_, index) =>
      makeRevision(String(index), index < 2 ? [] : [String(index - 2)]),
    )
    const reader = new StatementReader(parser)
    const one = await reader.readStep(await stepOf('0', 'alter table orders add column x int'), 0)
    const steps = revisions.map(({ id }) => ({ ...one, revision: id }))
    const started = process.cpuUsage()
    const found = findBranches(revisions, ['4998', '4999'], steps)
    // The time of this process alone: others may be at work on the machine.
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000)
    expect(found.map(({ rule }) => rule)).toEqual(['several_heads', 'branches_touch_same_object'])
    const line = revisions.map(({ id }, index) => makeRevision(id, index === 0 ? [] : [String(index - 1)]))
    expect(findBranches(line, ['4999'], steps)).toEqual([])
  })

  it('with a circle, or with parents that nobody knows, do no harm', async () => {
    const odd = [makeRevision('2a', ['2b']), makeRevision('2b', ['2a']), makeRevision('3', ['gone'])]
    const steps = await Promise.all(
      ['2a', '2b', '3'].map(id => stepOf(id, 'alter table orders add column x int')),
    )
    const reader = new StatementReader(parser)
    const read = await Promise.all(steps.map(step => reader.readStep(step, 0)))
    expect(() => findBranches(odd, ['3'], read)).not.toThrow()
  })
})

describe('bad input', () => {
  it('of 10 MB is searched without being read as a tree', async () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, index) => `(${index}, 'row ${index} of a long file of data')`,
    )
    const step = makeStep('0002', {
      statements: [
        { sql: `insert into orders values ${rows.join(',')}`, tables: ['public.orders'] },
        { sql: 'drop table gone', tables: ['public.gone'] },
      ],
    })
    const started = process.cpuUsage()
    expect((await searchSteps([step])).map(brief)).toEqual([
      'error missing_object: the statement drops table public.gone, which is not there',
    ])
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(2_000)
  })

  it('that does not parse leaves nothing certain', async () => {
    expect((await searchSql('create tabel x (;\ndrop table gone')).map(({ severity }) => severity)).toEqual([
      'warning',
    ])
  })
})

it('every kind of conflict says why it hurts and what to do', () => {
  expect(conflictWords).toMatchSnapshot()
})
