import type { Cluster } from '../../../shared/topology/topology.ts'
import { findUndeclared } from '../../discovery/find-undeclared.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'

/** Adds the standbys that stream from a cluster and are not declared; a server that cannot be asked names none. */
export async function nameUndeclared(
  cluster: Cluster,
  { servers }: Pick<EnginePorts, 'servers'>,
  signal: AbortSignal,
): Promise<Cluster> {
  const members = [cluster.primary, ...cluster.standbys].filter(one => one.role !== 'unreachable')
  const links = await mapConcurrently(members, 8, async ({ server }) => {
    try {
      return [await servers.readLinks(server, signal)]
    } catch (error) {
      if (signal.aborted) throw error
      return []
    }
  })
  const undeclared = findUndeclared(links.flat(), cluster.standbys)
  return undeclared.length === 0 ? cluster : { ...cluster, undeclared }
}
