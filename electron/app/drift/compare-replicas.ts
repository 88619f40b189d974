import { LockstepError } from '../../../shared/failure/failure.ts'
import { diffCatalog } from '../../catalog/diff-catalog.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { discoverTopology } from '../../engine/topology/discover-topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'

/** One tenant's schema as seen on every server of its cluster. */
export interface SchemaConsistency {
  readonly tenant: string
  readonly fingerprint: string
  readonly servers: readonly string[]
}

/** Proves that each of these tenants has one schema on its primary and on every standby that follows it; throws `schema_differs`. */
export async function compareReplicas(
  config: ProjectConfig,
  names: readonly string[],
  ports: Pick<EnginePorts, 'servers' | 'prepared' | 'store' | 'locks'>,
  signal: AbortSignal,
): Promise<readonly SchemaConsistency[]> {
  const topology = await discoverTopology(config, ports, async () => undefined, signal)
  const { servers } = ports
  const tenants = topology.tenants.filter(tenant => names.includes(tenant.name))
  return mapConcurrently(tenants, 4, async tenant => {
    const cluster = topology.clusters.find(candidate => candidate.name === tenant.cluster)
    if (!cluster) throw new LockstepError({ kind: 'primary_missing', cluster: tenant.cluster })
    const expected = await servers.fingerprint(cluster.primary.server, tenant, signal)
    const standbys = cluster.standbys.filter(standby => standby.declaredReplay === undefined)
    for (const { server } of standbys) {
      const found = await servers.fingerprint(server, tenant, signal)
      if (found.hash !== expected.hash) {
        const objects = diffCatalog(expected.items, found.items)
        throw new LockstepError({ kind: 'schema_differs', tenant: tenant.name, server, objects })
      }
    }
    const asked = [cluster.primary, ...standbys].map(member => member.server)
    return { tenant: tenant.name, fingerprint: expected.hash, servers: asked }
  })
}
