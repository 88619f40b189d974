import { describe, expect, it } from 'vitest'
import { groupRollbacks, listLosses } from '../../../shared/run/group-rollbacks.ts'
import type { TenantRollback } from '../../../shared/run/rollback.ts'

const point = { heads: ['0003'], fingerprint: 'a' }

function way(tenant: string, differs: Partial<TenantRollback> = {}): TenantRollback {
  return {
    tenant,
    cluster: 'main',
    database: tenant,
    way: 'downgrade',
    from: point,
    to: { heads: ['0002'], fingerprint: tenant },
    evidence: ['going down works'],
    losses: [],
    rowsLost: 0,
    refusal: null,
    ...differs,
  }
}

describe('rollbacks', () => {
  it('that are the same for several tenants are told once, whatever their databases are called', () => {
    const lossy = { losses: ['3 rows of table refunds'], rowsLost: 3 }
    const groups = groupRollbacks([way('acorn'), way('birch', lossy), way('cedar'), way('elm', lossy)])
    expect(groups.map(group => group.tenants)).toEqual([
      ['acorn', 'cedar'],
      ['birch', 'elm'],
    ])
    expect(groups[1]?.one.losses).toEqual(lossy.losses)
  })

  it.each([
    ['another target', { to: { heads: ['0001'], fingerprint: 'b' } }],
    ['another way', { way: 'snapshot' }],
    ['another loss', { losses: ['a row'] }],
    ['another number of rows', { rowsLost: null }],
    ['other evidence', { evidence: ['nobody looked'] }],
    ['a refusal', { refusal: 'it has moved' }],
  ] as const)('are told by themselves where they have %s', (_what, differs) => {
    expect(groupRollbacks([way('acorn'), way('birch', differs)])).toHaveLength(2)
  })
})

describe('losses', () => {
  it('name everybody who has them, and each loss once', () => {
    const values = '4000 values of column orders.total_cents'
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const rows = way('h', { losses: [values, '2 rows of table refunds'] })
    expect(listLosses([way('z'), ...names.map(name => way(name, { losses: [values] })), rows])).toEqual([
      `a, b, c, d, e and 3 more, each: ${values}`,
      'h: 2 rows of table refunds',
    ])
    expect(listLosses([way('z')])).toEqual([])
  })
})
