import { describe, expect, it } from 'vitest'
import { hashItems } from '../../../electron/adapters/postgres/catalog/hash-items.ts'
import {
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
