import type { DiscoveredProject } from '../../shared/topology/discovered-project.ts'
import type { Cluster } from '../../shared/topology/topology.ts'

/** The clusters that migrate: a logical subscriber has a schema of its own, and receives no DDL. */
export function withoutSubscribers({
  clusters,
  links,
}: Pick<DiscoveredProject, 'clusters' | 'links'>): readonly Cluster[] {
  const subscribers = new Set(links.filter(link => link.kind === 'logical').map(link => link.server))
  return clusters.filter(cluster => !subscribers.has(cluster.primary.server))
}
