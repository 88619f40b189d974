import type { TenantPosition } from '../../../../shared/api/topology-view.ts'
import { sortTenants, type TenantOrder } from '../../../tenants/sort-tenants.ts'
import { matchesTenant, type TenantFilter } from '../../../tenants/tenant-filter.ts'
import type { Sort } from '../../../ui/data-table.tsx'
import { progressOf, type TenantProgress } from '../model/tenant-groups.ts'

/** What the table of tenants is narrowed to; as in the address. */
export interface TopologyTenantFilter extends TenantFilter {
  readonly state: TenantProgress | null
  /** A revision that they stand at. */
  readonly at: string | null
}

/** Reads the filter from an address. */
export function readTenantFilter(query: Readonly<Record<string, string>>): TopologyTenantFilter {
  const { group = null, state, at = null, q = '' } = query
  const isState = state === 'at_target' || state === 'behind' || state === 'unknown'
  return { group, state: isState ? state : null, at, text: q }
}

/** Tenants that a filter lets through. */
export function filterTenants(
  tenants: readonly TenantPosition[],
  filter: TopologyTenantFilter,
): readonly TenantPosition[] {
  const { state, at } = filter
  return tenants.filter(
    tenant =>
      (state === null || progressOf(tenant) === state) &&
      (at === null || tenant.heads.includes(at)) &&
      matchesTenant(tenant, filter),
  )
}

/** Tenants by a column; what needs attention first where none is chosen. */
export function sortPositions(
  tenants: readonly TenantPosition[],
  sort: Sort | null,
): readonly TenantPosition[] {
  return sortTenants(tenants, sort, { columns, attention: byState })
}

const rank: Readonly<Record<TenantProgress, number>> = { unknown: 0, behind: 1, at_target: 2 }

function byState(tenant: TenantPosition) {
  return [rank[progressOf(tenant)], -(tenant.behind ?? 0)]
}

const columns: TenantOrder<TenantPosition>['columns'] = {
  tenant: ({ tenant }) => [tenant],
  state: byState,
  revision: ({ heads }) => [heads.join()],
  group: ({ group }) => [group],
  database: ({ database }) => [database],
  cluster: ({ cluster }) => [cluster],
}
