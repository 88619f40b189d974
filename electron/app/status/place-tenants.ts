import { listPositions } from '../../../shared/api/list-positions.ts'
import type { TenantPosition } from '../../../shared/api/topology-view.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { assignGroups } from '../../engine/topology/assign-groups.ts'
import type { FleetReading } from './read-fleet.ts'

/** Every tenant with its place on the revision tree, as far as it could be read. */
export function placeTenants(config: ProjectConfig, reading: FleetReading): readonly TenantPosition[] {
  const { topology, plan, heads } = reading
  if (plan) return listPositions(plan)
  if (!topology) return []
  return assignGroups(config, topology.tenants).groups.flatMap(({ settings, tenants }, index) =>
    tenants.map(tenant => ({
      tenant: tenant.name,
      cluster: tenant.cluster,
      database: tenant.database,
      group: settings.name,
      wave: index + 1,
      heads: heads.get(tenant.name) ?? [],
      behind: null,
      fingerprint: null,
    })),
  )
}
