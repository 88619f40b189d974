import type { Cluster, Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import {
  sumCapacityNeeds,
  sumConnectionsByDatabase,
  type TenantLoad,
} from '../../engine/gates/capacity/capacity-needs.ts'
import { judgeConnectionLimits } from '../../engine/gates/capacity/capacity-rules.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import { assignGroups } from '../../engine/topology/assign-groups.ts'
import { type DiagnosisItem, warning } from './diagnosis-item.ts'

/** Connection limits of roles and databases that would stop a run of all tenants; a server that cannot be asked says so elsewhere. */
export async function diagnoseLimits(
  config: ProjectConfig,
  topology: Topology,
  { facts }: Pick<EnginePorts, 'facts'>,
  signal: AbortSignal,
): Promise<readonly DiagnosisItem[]> {
  const items = await Promise.all(
    topology.clusters.map(async cluster => {
      const { server } = cluster.primary
      const capacity = await facts.readCapacity(server, signal).catch(() => null)
      if (capacity === null) return []
      const loads = listLoads(config, topology, cluster)
      const needed = {
        connections: sumCapacityNeeds(loads, config.vote, config.execution).connections,
        byDatabase: sumConnectionsByDatabase(loads, config.vote, config.execution),
      }
      return judgeConnectionLimits(capacity, needed)
        .filter(finding => finding.verdict === 'failed')
        .map(({ evidence, remedy }) => warning(`server ${server}`, `${evidence.fact}. ${remedy}`))
    }),
  )
  return items.flat()
}

/** Every tenant of a cluster as if it were to move; which tables it locks is no matter here. */
function listLoads(config: ProjectConfig, topology: Topology, cluster: Cluster): readonly TenantLoad[] {
  return assignGroups(config, topology.tenants).groups.flatMap(({ settings, tenants }) =>
    tenants
      .filter(tenant => tenant.cluster === cluster.name)
      .map(({ database }) => ({
        database,
        group: settings.name,
        mode: settings.mode,
        parallel: settings.parallel,
        locks: 0,
      })),
  )
}
