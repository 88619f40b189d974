import type { TenantPosition } from '../../../../shared/api/topology-view.ts'
import { compareNames } from '../../../../shared/text/compare-names.ts'
import { matchesTenant } from '../../../tenants/matches-tenant.ts'
import { orderTenants } from '../../../tenants/order-tenants.ts'
import { progressOf, type TenantProgress } from '../model/tenant-groups.ts'

/** What the table of tenants is narrowed to; as in the address. */
export interface TopologyTenantFilter {
  readonly group: string | null
  readonly state: TenantProgress | null
  /** A revision that they stand at. */
  readonly at: string | null
  readonly text: string
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
  { group, state, at, text }: TopologyTenantFilter,
): readonly TenantPosition[] {
  return tenants.filter(
    tenant =>
      (group === null || tenant.group === group) &&
      (state === null || progressOf(tenant) === state) &&
      (at === null || tenant.heads.includes(at)) &&
      matchesTenant(tenant, text),
  )
}

export const topologyTenantColumns = ['tenant', 'state', 'revision', 'group', 'database', 'cluster'] as const
export type TenantColumn = (typeof topologyTenantColumns)[number]

const attention: Readonly<Record<TenantProgress, number>> = { unknown: 0, behind: 1, at_target: 2 }

/** Tenants by a column; what needs attention first where none is chosen. */
export function sortTenants(
  tenants: readonly TenantPosition[],
  sort: { readonly column: string; readonly direction: 'ascending' | 'descending' } | null,
): readonly TenantPosition[] {
  const compare = comparisons[topologyTenantColumns.find(column => column === sort?.column) ?? 'state']
  return orderTenants(tenants, compare, sort?.direction ?? 'ascending')
}

type Comparison = (left: TenantPosition, right: TenantPosition) => number

const comparisons: Readonly<Record<TenantColumn, Comparison>> = {
  tenant: (left, right) => compareNames(left.tenant, right.tenant),
  state: (left, right) =>
    attention[progressOf(left)] - attention[progressOf(right)] || (right.behind ?? 0) - (left.behind ?? 0),
  revision: (left, right) => compareNames(left.heads.join(), right.heads.join()),
  group: (left, right) => left.wave - right.wave || compareNames(left.group, right.group),
  database: (left, right) => compareNames(left.database, right.database),
  cluster: (left, right) => compareNames(left.cluster, right.cluster),
}
