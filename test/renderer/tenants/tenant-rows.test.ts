import { describe, expect, it } from 'vitest'
import { findTyped } from '../../../renderer/tenants/find-typed.ts'
import {
  arrangeTenants,
  countStatuses,
  describeFingerprints,
  findFailing,
  readTenantFilter,
} from '../../../renderer/tenants/tenant-rows.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { makeRun } from '../../support/dashboard/sample-run.ts'

const state = foldAll(makeRun(1_000, [412, 700]))
const everything = readTenantFilter({})

describe('the tenants of a run', () => {
  it('come with what needs attention first, and then group by group, as people count', () => {
    const names = arrangeTenants(state.tenants, everything, null).map(({ tenant }) => tenant)
    expect(names.slice(0, 4)).toEqual(['tenant-0412', 'tenant-0700', 'tenant-0000', 'tenant-0001'])
    expect(new Set(names).size).toBe(1_000)
  })

  it('that need the same attention come in the order of their groups, and t2 before t10 within one', () => {
    const [first] = state.tenants
    const few = ['w2/t10', 'w2/t2', 'w1/t3', 'w1/t1'].map(text => {
      const [group = '', tenant = ''] = text.split('/')
      return { ...first!, tenant, group, status: 'waiting' as const }
    })
    const shown = arrangeTenants(few, everything, null)
    expect(shown.map(({ tenant }) => tenant)).toEqual(['t2', 't10', 't1', 't3'])
  })

  it('are counted by state, and none is lost by that', () => {
    expect(countStatuses(state.tenants)).toEqual([
      { status: 'failed', count: 2 },
      { status: 'rolled_back', count: 998 },
    ])
  })

  it('are filtered by state, group and a part of the name, as the address says', () => {
    const shown = arrangeTenants(
      state.tenants,
      readTenantFilter({ state: 'rolled_back', group: 'rest', name: '-041' }),
      null,
    )
    expect(shown).toHaveLength(9)
    expect(readTenantFilter({ state: 'nonsense' }).status).toBeNull()
  })

  it('are sorted by a column either way', () => {
    const sorted = arrangeTenants(state.tenants, everything, { column: 'tenant', direction: 'descending' })
    expect(sorted[0]?.tenant).toBe('tenant-0999')
    const byStatements = arrangeTenants(state.tenants, everything, {
      column: 'statements',
      direction: 'ascending',
    })
    expect(byStatements).toHaveLength(1_000)
  })

  it('are in the order in which people count, t2 before t10, and by name where a column is equal', () => {
    const [first] = state.tenants
    const few = ['t10', 't2', 't1'].map(tenant => ({
      ...first!,
      tenant,
      group: tenant === 't1' ? 'w10' : 'w2',
    }))
    const namesBy = (column: string, direction: 'ascending' | 'descending'): readonly string[] =>
      arrangeTenants(few, everything, { column, direction }).map(({ tenant }) => tenant)
    expect(namesBy('tenant', 'ascending')).toEqual(['t1', 't2', 't10'])
    expect(namesBy('tenant', 'descending')).toEqual(['t10', 't2', 't1'])
    expect(namesBy('state', 'descending')).toEqual(['t1', 't2', 't10'])
    expect(namesBy('group', 'ascending')).toEqual(['t2', 't10', 't1'])
  })

  it('are found by their database and cluster, too', () => {
    const [first] = state.tenants
    const few = [
      { ...first!, tenant: 'ash', database: 'acme_ash', cluster: 'north' },
      { ...first!, tenant: 'birch', database: null, cluster: null },
    ]
    const find = (text: string) =>
      arrangeTenants(few, { ...everything, text }, null).map(({ tenant }) => tenant)
    expect(find(' ACME ')).toEqual(['ash'])
    expect(find('north')).toEqual(['ash'])
    expect(find('bir')).toEqual(['birch'])
    expect(find('')).toEqual(['ash', 'birch'])
  })

  it('lead from one failure to the next, in a ring', () => {
    const rows = arrangeTenants(state.tenants, everything, { column: 'tenant', direction: 'ascending' })
    expect(findFailing(rows, 0, 'next')).toBe(412)
    expect(findFailing(rows, 412, 'next')).toBe(700)
    expect(findFailing(rows, 700, 'next')).toBe(412)
    expect(findFailing(rows, 412, 'previous')).toBe(700)
    expect(
      findFailing(arrangeTenants(state.tenants, readTenantFilter({ state: 'rolled_back' }), null), 0, 'next'),
    ).toBeNull()
  })

  it('are found by the beginning of their name, from where one is', () => {
    expect(findTyped(state.tenants, 'tenant-07', 0)).toBe(700)
    expect(findTyped(state.tenants, 't', 5)).toBe(6)
    expect(findTyped(state.tenants, '0999', 0)).toBe(999)
    expect(findTyped(state.tenants, 'x', 0)).toBeNull()
  })

  it('say whether the catalog is as it was before', () => {
    const tenant = state.tenants[0]!
    expect(describeFingerprints(tenant, state.proofs[0])).toBe('aaaaaaaa = before')
    expect(describeFingerprints(tenant, { ...state.proofs[0]!, equal: false, found: 'c'.repeat(64) })).toBe(
      'aaaaaaaa → cccccccc, not as before',
    )
    expect(
      describeFingerprints({ ...tenant, fingerprintBefore: null, fingerprintAfter: null }, undefined),
    ).toBe('unknown')
  })
})
