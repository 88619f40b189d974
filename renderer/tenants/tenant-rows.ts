import type { RollbackProof, TenantState, TenantStatus } from '../../shared/run/run-state.ts'
import { millisecondsBetween } from '../../shared/text/milliseconds-between.ts'
import type { Sort } from '../ui/data-table.tsx'
import { listGroups } from './list-groups.ts'
import { sortTenants, type TenantOrder } from './sort-tenants.ts'
import { matchesTenant, type TenantFilter } from './tenant-filter.ts'

/** What needs a person comes first, what is done last. */
export const attentionOrder: readonly TenantStatus[] = [
  'unsettled',
  'failed',
  'running',
  'prepared',
  'rolled_back',
  'waiting',
  'committed',
  'up_to_date',
]

/** Which tenants of a run are shown, as the address says. */
export interface RunTenantFilter extends TenantFilter {
  readonly status: TenantStatus | null
}

/** Reads the part of an address that belongs to the tenants. */
export function readTenantFilter(query: Readonly<Record<string, string>>): RunTenantFilter {
  return {
    status: attentionOrder.find(status => status === query.state) ?? null,
    group: query.group ?? null,
    text: query.name ?? '',
  }
}

/** How many tenants stand where, in the order of attention; those without any are left out. */
export function countStatuses(
  tenants: readonly TenantState[],
): readonly { readonly status: TenantStatus; readonly count: number }[] {
  const counts = new Map<TenantStatus, number>()
  for (const { status } of tenants) counts.set(status, (counts.get(status) ?? 0) + 1)
  return attentionOrder.flatMap(status => {
    const count = counts.get(status) ?? 0
    return count === 0 ? [] : [{ status, count }]
  })
}

/** The tenants that are shown, in the order that is wanted; attention first when none is. */
export function arrangeTenants(
  tenants: readonly TenantState[],
  filter: RunTenantFilter,
  sort: Sort | null,
): readonly TenantState[] {
  const shown = tenants.filter(
    tenant => (filter.status === null || tenant.status === filter.status) && matchesTenant(tenant, filter),
  )
  const places = new Map(listGroups(tenants).map(({ name }, place) => [name, place]))
  const order = { columns, attention: ({ group }: TenantState) => [places.get(group ?? '') ?? -1] }
  const sorted = sortTenants(shown, sort, order)
  return sort === null ? byStatus(sorted) : sorted
}

/** In buckets: only groups and names have to be compared, which come nearly in order. */
function byStatus(tenants: readonly TenantState[]): readonly TenantState[] {
  const buckets = new Map<TenantStatus, TenantState[]>()
  for (const tenant of tenants) {
    const bucket = buckets.get(tenant.status)
    if (bucket) bucket.push(tenant)
    else buckets.set(tenant.status, [tenant])
  }
  return attentionOrder.flatMap(status => buckets.get(status) ?? [])
}

const columns: TenantOrder<TenantState>['columns'] = {
  tenant: ({ tenant }) => [tenant],
  state: ({ status }) => [attentionOrder.indexOf(status)],
  group: ({ group }) => [group ?? ''],
  duration: tenant => [durationOf(tenant) ?? -1],
  statements: ({ statements }) => [statements],
  attempts: ({ attempts }) => [attempts],
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
    const status = tenants[index]?.status
    if (status === 'failed' || status === 'unsettled') return index
  }
  return null
}
