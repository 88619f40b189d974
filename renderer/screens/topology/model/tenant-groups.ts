import type { TenantPosition, TopologyView } from '../../../../shared/api/topology-view.ts'
import { compareNames } from '../../../../shared/text/compare-names.ts'
import { formatHeads } from '../../../../shared/text/plain-words.ts'

/** Whether a tenant has reached the target; unknown while nothing could be planned. */
export type TenantProgress = 'at_target' | 'behind' | 'unknown'

/** Tenants of one cluster that migrate together. */
export interface TenantGroup {
  readonly id: string
  readonly name: string
  readonly cluster: string
  readonly wave: number | null
  readonly tenants: readonly TenantPosition[]
  readonly counts: Readonly<Record<TenantProgress, number>>
}

/** How far a tenant is. */
export function progressOf({ behind }: TenantPosition): TenantProgress {
  if (behind === null) return 'unknown'
  return behind === 0 ? 'at_target' : 'behind'
}

/** The word for how far a tenant is. */
export function wordOfProgress(progress: TenantProgress): string {
  return progress === 'at_target' ? 'at target' : progress
}

/** Every known tenant; one whose revision could not be read has no group and no revisions. */
export function listTenants({ topology, found, positions }: TopologyView): readonly TenantPosition[] {
  const placed = new Set(positions.map(position => `${position.cluster}/${position.tenant}`))
  const others = (topology?.tenants ?? found?.tenants ?? []).filter(
    tenant => !placed.has(`${tenant.cluster}/${tenant.name}`),
  )
  return [
    ...positions,
    ...others.map(({ name, cluster, database }) => ({
      tenant: name,
      cluster,
      database,
      group: 'no group',
      wave: 0,
      heads: [],
      behind: null,
      fingerprint: null,
    })),
  ]
}

/** Tenants by cluster and group, in the order of the waves. */
export function groupTenants(tenants: readonly TenantPosition[]): readonly TenantGroup[] {
  const byId = new Map<string, TenantPosition[]>()
  for (const tenant of tenants) {
    const id = `group:${tenant.cluster}/${tenant.group}`
    const there = byId.get(id)
    if (there) there.push(tenant)
    else byId.set(id, [tenant])
  }
  const groups = [...byId].flatMap(([id, members]) => {
    const [first] = members
    return first ? [describeGroup(id, first, members)] : []
  })
  return groups.toSorted(
    (left, right) =>
      (left.wave ?? 1e9) - (right.wave ?? 1e9) ||
      compareNames(left.name, right.name) ||
      compareNames(left.cluster, right.cluster),
  )
}

function describeGroup(
  id: string,
  { group, cluster, wave }: TenantPosition,
  tenants: readonly TenantPosition[],
): TenantGroup {
  const counts = { at_target: 0, behind: 0, unknown: 0 }
  for (const tenant of tenants) counts[progressOf(tenant)] += 1
  return { id, name: group, cluster, wave: wave > 0 ? wave : null, tenants, counts }
}

/** The revisions of a tenant as people read them; a tenant that could not be read is not at the base. */
export function describeHeads({ heads, behind }: TenantPosition): string {
  return heads.length === 0 && behind === null ? 'unknown' : formatHeads(heads)
}

/** The state of a group in words, such as "3 at target, 2 behind". */
export function describeCounts(counts: TenantGroup['counts']): string {
  const parts = (['behind', 'unknown', 'at_target'] as const)
    .filter(progress => counts[progress] > 0)
    .map(progress => `${counts[progress]} ${wordOfProgress(progress)}`)
  return parts.join(', ')
}
