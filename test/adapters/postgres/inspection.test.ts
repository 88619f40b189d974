import { describe, expect, it } from 'vitest'
import { createFingerprintMemory } from '../../../electron/adapters/postgres/catalog/fingerprint-memory.ts'
import { hashItems } from '../../../electron/adapters/postgres/catalog/hash-items.ts'
import {
  createInspection,
  inspectionStatements,
  parseInspection,
} from '../../../electron/adapters/postgres/catalog/inspection.ts'
import { describeTenant } from './sandbox-settings.ts'

describe('the statements of an inspection', () => {
  it('hold no percent sign and no colon name, which a driver would take for a parameter', () => {
    for (const { sql } of inspectionStatements(describeTenant('acorn', `100%s:name'"`))) {
      expect(sql).not.toContain('%')
      expect(sql).not.toMatch(/(?<![:\w]):\w/)
      expect(sql).not.toMatch(/\$\d/)
    }
  })

  it('begin and end with their own savepoint', () => {
    const names = inspectionStatements(describeTenant('acorn')).map(statement => statement.name)
    expect(names[0]).toBe('savepoint')
    expect(names.slice(-2)).toEqual(['rollback', 'release'])
  })
})

describe('an inspection that is remembered', () => {
  const tenant = describeTenant('acorn')
  const rows = { items: [], invalid_indexes: [], unvalidated_constraints: [] }

  it('is known by its token, unless the catalog changed while it was being read', () => {
    const memory = createFingerprintMemory()
    const { parse } = createInspection(memory)
    parse({ ...rows, token_before: [{ token: 'one' }], token: [{ token: 'two' }] }, tenant)
    expect([memory.recall(tenant, 'one'), memory.recall(tenant, 'two')]).toEqual([null, null])
    const { fingerprint } = parse(
      { ...rows, token_before: [{ token: 'two' }], token: [{ token: 'two' }] },
      tenant,
    )
    expect(memory.recall(tenant, 'two')).toBe(fingerprint)
  })

  it('of a schema asks for no token: its database has those of all others', () => {
    const names = inspectionStatements({ ...tenant, schema: 'acorn' }).map(statement => statement.name)
    expect(names.filter(name => name.startsWith('token'))).toEqual([])
  })
})

describe('the rows of an inspection', () => {
  const rows = {
    items: [
      { kind: 'table', ident: 'public.b', def: 'kind=r' },
      { kind: 'schema', ident: 'public', def: '' },
    ],
    invalid_indexes: [{ name: 'public.z' }, { name: 'public.a' }],
    unvalidated_constraints: [],
  }

  it('become a hash and sorted names', () => {
    expect(parseInspection(rows)).toEqual({
      fingerprint: hashItems([
        { kind: 'schema', ident: 'public', definition: '' },
        { kind: 'table', ident: 'public.b', definition: 'kind=r' },
      ]),
      invalidIndexes: ['public.a', 'public.z'],
      unvalidatedConstraints: [],
    })
  })

  it('tell which rows the transaction has changed, in tables of the tenant called as a plan calls them', () => {
    const changes = [
      { table: '"Order 3".users', updated: '2', deleted: '0' },
      { table: 'public.users', updated: '9', deleted: '9' },
      { table: 'public.countries', updated: '0', deleted: '1' },
    ]
    expect(parseInspection({ ...rows, changes }, { schema: 'Order 3' }).rowsChanged).toEqual([
      { table: 'public.users', updated: 2, deleted: 0 },
      { table: 'public.countries', updated: 0, deleted: 1 },
    ])
  })

  it('are refused when a statement was left out', () => {
    expect(() => parseInspection({ items: [] })).toThrow('no rows of invalid_indexes')
  })
})
