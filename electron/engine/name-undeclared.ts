import { findUndeclared } from '../../shared/discovery/find-undeclared.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { Cluster } from '../../shared/topology.ts'
import type { EnginePorts } from './engine-ports.ts'

/** Adds the standbys that stream from a cluster and that nobody has declared; a server that cannot be asked names none. */
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
