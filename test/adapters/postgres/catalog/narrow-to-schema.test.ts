import { expect, test } from 'vitest'
import {
  narrowTo,
  ownNamesOf,
  planNamesOf,
} from '../../../../electron/adapters/postgres/catalog/narrow-to-schema.ts'
import { item } from '../../../engine/catalog-items.ts'

const items = (schema: string) => [
  { kind: 'schema', ident: schema, definition: '' },
  { kind: 'acl', ident: `schema ${schema}`, definition: 'owner=postgres' },
  { kind: 'acl', ident: `default:r postgres in ${schema}`, definition: '' },
  {
    kind: 'column',
    ident: `${schema}.orders.id`,
    definition: `default=nextval('${schema}.orders_id_seq'::regclass)`,
  },
  {
    kind: 'function',
    ident: `${schema}.f(a ${schema}.mood)`,
    definition: ` SET search_path TO '${schema.replaceAll('"', '')}', 'public'\nAS 1`,
  },
]

test.each(['ash', 'Cedar Wood', 'order', 'a.b+c'])(
  'makes tenants with a schema each look alike: %s',
  schema => {
    const quoted = /^[a-z]+$/.test(schema) && schema !== 'order' ? schema : `"${schema}"`
    expect(narrowTo(schema).printed(items(quoted))).toEqual(narrowTo('other').printed(items('other')))
  },
)

test('calls values by the names of a plan too, and leaves alone what only holds the same word', () => {
  const held = (schema: string, printed: string) => [
    item('table', `${printed}.orders`),
    item('column', `${printed}.orders.mood`, `${printed}.mood`, { tail: `after=${printed}` }),
    item('type', `${printed}.mood`, '', { labels: [schema, `${schema}.x`] }),
    item('index', `${printed}.i`, '', { of: `${printed}.orders`, tail: `parent=${printed}.j` }),
    item('constraint', `${printed}.orders."${schema}"`, '', { isValid: false }),
  ]
  const [table, column, type, index, constraint] = narrowTo('a.b').items(held('a.b', '"a.b"'))
  const orders = { schema: 'public', name: 'orders' }
  expect(table).toMatchObject({ table: orders, attributes: { name: { ...orders, part: null } } })
  expect(column).toMatchObject({
    ident: 'public.orders.mood',
    table: orders,
    attributes: {
      name: { ...orders, part: 'mood' },
      type: { schema: 'public', name: 'mood' },
      tail: 'after="a.b"',
    },
  })
  expect(type).toMatchObject({ attributes: { name: { schema: 'public' }, labels: ['a.b', 'a.b.x'] } })
  expect(index).toMatchObject({ table: orders, attributes: { tail: 'parent=public.j' } })
  expect(constraint).toMatchObject({ table: orders, attributes: { name: { part: 'a.b' }, isValid: false } })
  const [shared] = narrowTo('a.b').items([
    { ...item('column', '"a.b".orders.c', ''), table: { schema: 'public', name: 'countries' } },
  ])
  expect(shared).toMatchObject({ table: { schema: '{public}', name: 'countries' } })
})

test('leaves out what is not about the schema, and what is only called alike', () => {
  const kept = narrowTo('ash').printed([
    { kind: 'extension', ident: 'citext', definition: 'schema=public' },
    { kind: 'acl', ident: 'default:r postgres in *', definition: '' },
    { kind: 'table', ident: 'mash.orders', definition: '' },
    { kind: 'table', ident: 'public.ash', definition: '' },
    {
      kind: 'table',
      ident: 'ash.ash',
      definition: 'query=select mash.x, "ash".y, ash_.z from public.t, ash',
    },
  ])
  expect(kept).toEqual([
    {
      kind: 'table',
      ident: 'public.ash',
      definition: 'query=select mash.x, public.y, ash_.z from {public}.t, ash',
    },
  ])
})

test('changes nothing for a tenant that is a database', () => {
  expect(narrowTo(undefined).printed(items('ash'))).toEqual(items('ash'))
  expect(ownNamesOf({}, ['public.orders'])).toEqual(['public.orders'])
})

test('looks for a table of a plan in the schema of the tenant, and calls it as the plan does', () => {
  const tenant = { schema: 'Cedar Wood' }
  expect(ownNamesOf(tenant, ['public.orders', 'audit.log'])).toEqual([
    '"Cedar Wood".orders',
    'public.orders',
    'audit.log',
  ])
  const rows = ['"Cedar Wood".orders', 'public.orders', 'public.countries', 'birch.orders'].map(table => ({
    table,
  }))
  expect(planNamesOf(tenant, rows).map(({ table }) => table)).toEqual([
    'public.orders',
    'public.countries',
    'birch.orders',
  ])
})
