import type { Cluster } from '../topology.ts'
import type { DiscoveredProject } from './discovered-project.ts'

/** The clusters that migrate: a logical subscriber has a schema of its own, and receives no DDL. */
export function withoutSubscribers({
  clusters,
  links,
}: Pick<DiscoveredProject, 'clusters' | 'links'>): readonly Cluster[] {
  const subscribers = new Set(links.filter(link => link.kind === 'logical').map(link => link.server))
  return clusters.filter(cluster => !subscribers.has(cluster.primary.server))
}
