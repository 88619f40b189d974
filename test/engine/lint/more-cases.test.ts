import { describe, expect, it } from 'vitest'
import { readSqlRevisions } from '../../../electron/adapters/embedded-postgres/sql-revisions.ts'
import { columnType } from '../catalog-items.ts'
import { findingsOf, lintSql, lintSteps, shapes, stepOf } from './lint-fixture.ts'

const messages = async (rule: string, sql: string, changes = {}) =>
  (await findingsOf(rule, sql, changes)).map(finding => finding.message)

describe('change_column_type', () => {
  const [orders] = shapes
  const changed = async (from: string, to: string, ending = '') => {
    if (!orders) throw new Error('there is no table of orders')
    const columns = [{ name: 'note', type: columnType(from), isNotNull: false }]
    const sql = `alter table orders alter column note type ${to}${ending}`
    return (await findingsOf('change_column_type', sql, { shapes: [{ ...orders, columns }] })).length
  }

  it.each([
    ['character varying(20)', 'varchar(30)'],
    ['character varying(20)', 'varchar'],
    ['character varying(20)', 'text'],
    ['text', 'varchar'],
    ['numeric(10,2)', 'numeric(12,2)'],
    ['numeric(10,2)', 'numeric'],
    ['cidr', 'inet'],
    ['bit varying(5)', 'bit varying(9)'],
    ['bigint', 'bigint'],
    ['timestamp with time zone', 'timestamptz'],
  ])('lets %s become %s', async (from, to) => {
    expect(await changed(from, to)).toBe(0)
  })

  it.each([
    ['character varying(20)', 'varchar(10)'],
    ['text', 'varchar(10)'],
    ['integer', 'bigint'],
    ['numeric(10,2)', 'numeric(12,3)'],
    ['numeric', 'numeric(12,3)'],
    ['timestamp without time zone', 'timestamptz'],
    ['json', 'jsonb'],
    ['inet', 'cidr'],
    ['text', 'text[]'],
  ])('stops %s on its way to %s', async (from, to) => {
    expect(await changed(from, to)).toBe(1)
  })

  it('stops a harmless type with a conversion of its own', async () => {
    expect(await changed('character varying(20)', 'text', ' using upper(note)')).toBe(1)
  })

  it('only warns when nobody knows what type it is', async () => {
    const sql = 'alter table orders alter column note type text'
    expect(await findingsOf('change_column_type', sql, { shapes: [] })).toMatchObject([
      { severity: 'warning' },
    ])
  })
})

describe('set_not_null_without_check', () => {
  const sql = 'alter table orders alter column note set not null'
  const [orders] = shapes
  const withCheck = (isValid: boolean) =>
    orders && [
      {
        ...orders,
        constraints: [{ name: 'c', kind: 'c', columns: ['note'], notNull: 'note', isValid }],
      },
    ]

  it('lets a column through that a valid check has proven', async () => {
    expect(await messages('set_not_null_without_check', sql, { shapes: withCheck(true) })).toEqual([])
    expect(await messages('set_not_null_without_check', sql, { shapes: withCheck(false) })).toHaveLength(1)
  })

  it('lets a column through that is NOT NULL already', async () => {
    const done = 'alter table orders alter column id set not null'
    expect(await messages('set_not_null_without_check', done)).toEqual([])
  })

  it('stops a column whose check was added without being validated', async () => {
    const added = `alter table orders add constraint c check (note is not null) not valid;\n${sql}`
    expect(await messages('set_not_null_without_check', added)).toHaveLength(1)
  })

  it('offers a NOT NULL constraint that is not validated, from PostgreSQL 18 on', async () => {
    const [finding] = await findingsOf('set_not_null_without_check', sql, { version: 180004 })
    expect(finding?.saferSql).toMatch(/add constraint orders_note_not_null not null note not valid;/)
  })
})

describe('foreign keys', () => {
  it('keep what happens on delete in the safer form', async () => {
    const sql =
      'alter table orders add column shop_id bigint default 1 references shops (id) on delete cascade'
    const [finding] = await findingsOf('add_column_with_foreign_key', sql)
    expect(finding).toMatchObject({ severity: 'error' })
    expect(finding?.saferSql).toContain('references shops (id) on delete cascade not valid;')
  })

  it('are not stopped when they are not enforced or not valid', async () => {
    const add = 'alter table orders add constraint k foreign key (customer_id) references customers (id)'
    expect(await messages('foreign_key_without_not_valid', `${add} not valid`)).toEqual([])
    expect(await messages('foreign_key_without_not_valid', `${add} not enforced`)).toEqual([])
  })

  it('have an index when one begins with their columns, in any order', async () => {
    const table =
      'create table bills (id bigint primary key, a bigint, b bigint, foreign key (a, b) references x (a, b))'
    expect(await messages('foreign_key_without_index', table)).toHaveLength(1)
    expect(
      await messages('foreign_key_without_index', `${table};\ncreate index on bills (b, a, id)`),
    ).toHaveLength(1)
    const named = `${table};\ncreate index bills_ba on bills (b, a, id)`
    expect(await messages('foreign_key_without_index', named)).toEqual([])
    const key =
      'create table bills (a bigint, b bigint, primary key (a, b), foreign key (a) references x (a))'
    expect(await messages('foreign_key_without_index', key)).toEqual([])
  })
})

describe('transactions', () => {
  const add = "alter type status add value 'lost'"

  it('of revisions that vote together are one', async () => {
    const use = "update orders set status = 'lost'::status where id = 1"
    expect(await messages('enum_value_used_in_same_transaction', `${add};\n${use}`)).toHaveLength(1)
  })

  it('let values of an enum be used that they made themselves', async () => {
    const sql = `create type status as enum ('new');\n${add};\nselect 'lost'::status`
    expect(await messages('enum_value_used_in_same_transaction', sql)).toEqual([])
  })

  it('only warn of a word that may be the new value', async () => {
    const sql = `${add};\nupdate orders set note = 'lost' where id = 1`
    const found = await findingsOf('enum_value_used_in_same_transaction', sql)
    expect(found.map(finding => finding.severity)).toEqual(['warning'])
  })

  it('do not span what each statement commits by itself', async () => {
    const sql = 'drop index concurrently if exists a;\ndrop index concurrently if exists b'
    expect(await lintSql(sql)).toEqual([])
  })
})

describe('the marks of large indexes', () => {
  it('are not seen in a unique index, which promises more', async () => {
    expect(await messages('wide_index', 'create unique index w on orders (a, b, c, d)')).toEqual([])
  })

  it('are seen where an index lies in the database already', async () => {
    const sql = 'create index concurrently more on orders (placed_at)'
    expect(await messages('duplicate_index', sql)).toEqual([
      'more on orders holds the same columns as orders_placed_at_idx',
    ])
    const swapped = `drop index orders_placed_at_idx;\n${sql.replace('concurrently ', '')}`
    expect(await messages('duplicate_index', swapped)).toEqual([])
    const partial = 'create index more on orders (placed_at) where note is null'
    expect(await messages('duplicate_index', partial)).toEqual([])
  })
})

describe('defaults', () => {
  const add = (expression: string) => `alter table orders add column x text default ${expression}`

  it.each(["'a'", 'now()', 'current_timestamp', "lower('A')", '1 + 2', "'{}'::jsonb"])(
    'let %s through',
    async one => {
      expect(await messages('add_column_with_volatile_default', add(one))).toEqual([])
    },
  )

  it.each([
    ['clock_timestamp()', 'error'],
    ["nextval('s')", 'error'],
    ['md5(random()::text)', 'error'],
    ['our_own()', 'warning'],
  ])('make %s weigh as %s', async (one, severity) => {
    expect(await findingsOf('add_column_with_volatile_default', add(one))).toMatchObject([{ severity }])
  })
})

it('finds nothing worse than a note in a migration as careful as they come', async () => {
  const sql = [
    "alter table public.orders add column region text default 'eu' not null",
    'create table public.regions (id bigint generated always as identity primary key, name text not null unique)',
    "alter table public.orders add constraint orders_region_check check (region <> '') not valid",
    "comment on column public.orders.region is 'where it was placed'",
  ].join(';\n')
  const found = await lintSql(sql)
  expect(found.filter(finding => finding.severity === 'error')).toEqual([])
  expect(found.filter(finding => finding.severity === 'warning').map(finding => finding.rule)).toEqual([
    'statements_after_exclusive_lock',
  ])
})

it('lets savepoints be, which end nothing', async () => {
  const sql = 'savepoint a;\nrollback to a;\nrelease a'
  expect(await messages('transaction_control', sql)).toEqual([])
  expect(await messages('transaction_control', 'start transaction;\nrollback')).toHaveLength(2)
})

it('does not stop the revisions of the demo, with the rows that it has', async () => {
  const sizes = ['customers', 'orders', 'order_items', 'invoices', 'payments', 'products'].map(table => ({
    table: `public.${table}`,
    rows: 5_000,
    bytes: 1_000_000,
  }))
  const all = await Promise.all(
    readSqlRevisions()
      .slice(0, 3)
      .map(one => stepOf(one.revision, one.up)),
  )
  for (const steps of [all, all.slice(2)]) {
    const found = await lintSteps(steps, { sizes, shapes: [] })
    expect(found.filter(finding => finding.severity !== 'note')).toEqual([])
    expect(found.length).toBeGreaterThan(0)
  }
  const grown = sizes.map(size => ({ ...size, rows: 3_000_000 }))
  const stopped = await lintSteps(all.slice(2), { sizes: grown, shapes: [] })
  expect(stopped.filter(finding => finding.severity === 'error').map(finding => finding.rule)).toEqual([
    'unique_constraint_without_index',
    'backfill_with_schema_change',
    'update_without_where',
    'set_not_null_without_check',
  ])
})
