import { describe, expect, it } from 'vitest'
import { matchesTenantFilter, sortTenantRows } from '../../../renderer/screens/plan/evidence/tenant-rows.ts'
import {
  filterTenants,
  readTenantFilter as readTopologyFilter,
  sortPositions,
} from '../../../renderer/screens/topology/tables/tenant-filter.ts'
import { arrangeTenants, readTenantFilter } from '../../../renderer/tenants/tenant-rows.ts'
import { formatSort, readSort } from '../../../renderer/ui/sort-query.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { makeRun } from '../../support/dashboard/sample-run.ts'

type Sorting = ReturnType<typeof readSort>

const tenants = [
  { tenant: 't10', group: 'w10', database: 'acme_10', cluster: 'north' },
  { tenant: 't2', group: 'w2', database: 'acme_2', cluster: 'north' },
  { tenant: 't1', group: 'w2', database: 'ACME_1', cluster: 'south' },
]
const [sample] = foldAll(makeRun(2, [])).tenants
const ofRun = tenants.map(one => ({ ...sample!, ...one }))
const ofTopology = tenants.map((one, index) => ({
  ...one,
  wave: 2 - index,
  heads: [],
  behind: 0,
  fingerprint: null,
}))
const ofPlan = tenants.map(one => ({
  ...one,
  wave: 1,
  from: '0001',
  to: '0002',
  steps: 1,
  class: 1,
  isOutlier: false,
}))

/** What each of the three tables shows, by name. */
function show(sort: Sorting, { text = '', group = null as string | null } = {}) {
  const query = { ...(text ? { q: text, name: text } : {}), ...(group ? { group } : {}) }
  const asked = { text, group, class: null, shows: 'all' } as const
  const rows = [
    arrangeTenants(ofRun, readTenantFilter(query), sort),
    sortPositions(filterTenants(ofTopology, readTopologyFilter(query)), sort),
    sortTenantRows(
      ofPlan.filter(row => matchesTenantFilter(row, asked)),
      [],
      sort,
    ),
  ]
  return rows.map(table => table.map(({ tenant }) => tenant).join())
}

describe('the tables of tenants of a run, a plan and the topology', () => {
  it.each<[string, string]>([
    ['tenant.ascending', 't1,t2,t10'],
    ['tenant.descending', 't10,t2,t1'],
    ['group.ascending', 't1,t2,t10'],
    ['group.descending', 't10,t1,t2'],
  ])('have one order by %s: names as people count, equal ones by name', (sort, expected) => {
    expect(show(readSort(sort))).toEqual([expected, expected, expected])
  })

  it.each<[string, { readonly text?: string; readonly group?: string }, string]>([
    ['a part of the database, in any case', { text: ' acme_1' }, 't1,t10'],
    ['the cluster', { text: 'NORTH' }, 't2,t10'],
    ['the group', { group: 'w2' }, 't1,t2'],
    ['both together', { text: 'north', group: 'w2' }, 't2'],
  ])('are narrowed alike by %s', (_what, filter, expected) => {
    expect(show(readSort('tenant.ascending'), filter)).toEqual([expected, expected, expected])
  })

  it('show what needs attention first where an address names no column that they have', () => {
    const byAttention = show(null)
    expect(show(readSort('constructor.descending'))).toEqual(byAttention)
    expect(show(readSort('nonsense'))).toEqual(byAttention)
  })
})

describe('the order of a table in an address', () => {
  it('is read as it was written, and as earlier versions wrote it', () => {
    const sort = { column: 'group', direction: 'descending' } as const
    expect(readSort(formatSort(sort))).toEqual(sort)
    expect(readSort('group:descending')).toEqual(sort)
    expect(readSort('group')).toEqual({ column: 'group', direction: 'ascending' })
    expect(readSort('')).toBeNull()
    expect(readSort(undefined)).toBeNull()
  })
})
