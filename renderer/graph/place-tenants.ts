import type { TenantPosition } from '../../shared/api/topology-view.ts'
import type { MigrationGraph } from '../../shared/plan/migration-graph.ts'

/** Tenants by where they stand. */
export interface TenantPlaces {
  /** Names by revision; a tenant with several heads stands at each of them. */
  readonly atRevision: ReadonlyMap<string, readonly string[]>
  /** Tenants without any revision yet. */
  readonly atBase: readonly string[]
  /** Tenants whose revision could not be read. */
  readonly unread: readonly string[]
  /** Tenants at revisions that the graph does not know. */
  readonly elsewhere: readonly TenantPosition[]
}

/** Puts tenants on the revisions that they stand at. */
export function placeTenants(
  graph: Pick<MigrationGraph, 'revisions'>,
  positions: readonly TenantPosition[],
): TenantPlaces {
  const known = new Set(graph.revisions.map(revision => revision.id))
  const atRevision = new Map<string, string[]>()
  const atBase: string[] = []
  const unread: string[] = []
  const elsewhere: TenantPosition[] = []
  for (const position of positions) {
    const { tenant, heads, behind } = position
    if (heads.length === 0) (behind === null ? unread : atBase).push(tenant)
    if (heads.some(head => !known.has(head))) elsewhere.push(position)
    for (const head of heads) {
      if (!known.has(head)) continue
      const there = atRevision.get(head)
      if (there) there.push(tenant)
      else atRevision.set(head, [tenant])
    }
  }
  return { atRevision, atBase, unread, elsewhere }
}
