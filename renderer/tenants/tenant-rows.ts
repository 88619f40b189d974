import type { RollbackProof, TenantStanding, TenantState } from '../../shared/run/run-state.ts'
import { millisecondsBetween } from '../../shared/text/milliseconds-between.ts'
import type { Sort } from '../ui/data-table.tsx'
import { matchesTenant } from './matches-tenant.ts'
import { compareValues, orderTenants } from './order-tenants.ts'

/** What needs a person comes first, what is done last. */
export const attentionOrder: readonly TenantStanding[] = [
  'unsettled',
  'failed',
  'running',
  'prepared',
  'rolled_back',
  'waiting',
  'committed',
  'up_to_date',
]

/** Which tenants are shown, as the address says. */
export interface TenantFilter {
  readonly standing: TenantStanding | null
  readonly group: string | null
  /** A part of the name, the database or the cluster. */
  readonly name: string
}

/** Reads the part of an address that belongs to the tenants. */
export function readTenantFilter(query: Readonly<Record<string, string>>): TenantFilter {
  return {
    standing: attentionOrder.find(standing => standing === query.state) ?? null,
    group: query.group ?? null,
    name: query.name ?? '',
  }
}

/** How many tenants stand where, in the order of attention; those without any are left out. */
export function countStandings(
  tenants: readonly TenantState[],
): readonly { readonly standing: TenantStanding; readonly count: number }[] {
  const counts = new Map<TenantStanding, number>()
  for (const { standing } of tenants) counts.set(standing, (counts.get(standing) ?? 0) + 1)
  return attentionOrder.flatMap(standing => {
    const count = counts.get(standing) ?? 0
    return count === 0 ? [] : [{ standing, count }]
  })
}

/** The tenants that are shown, in the order that is wanted; attention first when none is. */
export function arrangeTenants(
  tenants: readonly TenantState[],
  filter: TenantFilter,
  sort: Sort | null,
): readonly TenantState[] {
  const shown = tenants.filter(
    tenant =>
      (filter.standing === null || tenant.standing === filter.standing) &&
      (filter.group === null || tenant.group === filter.group) &&
      matchesTenant(tenant, filter.name),
  )
  return sort === null ? byAttention(shown) : bySort(shown, sort)
}

/** In buckets: a comparison of every pair costs too much for thousands of tenants, sixty times a second. */
function byAttention(tenants: readonly TenantState[]): readonly TenantState[] {
  const buckets = new Map<TenantStanding, TenantState[]>()
  for (const tenant of tenants) {
    const bucket = buckets.get(tenant.standing)
    if (bucket) bucket.push(tenant)
    else buckets.set(tenant.standing, [tenant])
  }
  return attentionOrder.flatMap(standing => buckets.get(standing) ?? [])
}

function bySort(tenants: readonly TenantState[], { column, direction }: Sort): readonly TenantState[] {
  const keyed = tenants.map(state => ({ state, tenant: state.tenant, key: sortKeyOf(state, column) }))
  return orderTenants(keyed, (left, right) => compareValues(left.key, right.key), direction).map(
    ({ state }) => state,
  )
}

function sortKeyOf(tenant: TenantState, column: string): string | number {
  switch (column) {
    case 'state':
      return attentionOrder.indexOf(tenant.standing)
    case 'group':
      return tenant.group ?? ''
    case 'duration':
      return durationOf(tenant) ?? -1
    case 'statements':
      return tenant.statements
    case 'attempts':
      return tenant.attempts
    default:
      return tenant.tenant
  }
}

/** How long a tenant took; null before its end. */
export function durationOf({ startedAt, finishedAt }: TenantState): number | null {
  return startedAt === null || finishedAt === null ? null : millisecondsBetween(startedAt, finishedAt)
}

/** What is known about a tenant's catalog, before and after. */
export function describeFingerprints(tenant: TenantState, proof: RollbackProof | undefined): string {
  const before = tenant.fingerprintBefore?.slice(0, 8) ?? 'unknown'
  if (proof)
    return proof.equal ? `${before} = before` : `${before} → ${proof.found.slice(0, 8)}, not as before`
  return tenant.fingerprintAfter === null ? before : `${before} → ${tenant.fingerprintAfter.slice(0, 8)}`
}

/** The next tenant that failed or is not settled, after a place in the list or before it; the list is a ring. */
export function findFailing(
  tenants: readonly TenantState[],
  from: number,
  direction: 'next' | 'previous',
): number | null {
  const step = direction === 'next' ? 1 : -1
  for (let walked = 1; walked <= tenants.length; walked += 1) {
    const index = (((from + step * walked) % tenants.length) + tenants.length) % tenants.length
    const standing = tenants[index]?.standing
    if (standing === 'failed' || standing === 'unsettled') return index
  }
  return null
}
