import type { TenantPosition, TopologyView } from '../../../shared/api/topology-view.ts'
import { LockstepError } from '../../../shared/failure.ts'
import { countSteps } from '../../../shared/plan-selectors.ts'
import { assignGroups } from '../../engine/assign-groups.ts'
import type { Project } from '../load-project.ts'
import type { FleetReading } from './fleet-desk.ts'
import type { HandlersOf, ServiceContext } from './service-context.ts'

/** Servers, services, tenants and how far standbys are behind. */
export function handleTopology({
  session,
  surveys,
  fleet,
  lag,
}: ServiceContext): HandlersOf<'topology' | 'lag'> {
  const readTopology = async (): Promise<TopologyView> => {
    const project = await session.refresh()
    const { choice } = session
    if (choice === null) throw new LockstepError({ kind: 'project_missing' })
    const [surveyed, reading] = await Promise.all([surveys.read(choice), fleet.read()])
    return {
      topology: surveyed.topology ?? reading.topology,
      found: surveyed.found,
      failure: surveyed.failure ?? (reading.topology ? null : reading.failure),
      graph: reading.graph,
      graphFailure: reading.graphFailure,
      positions: listPositions(project, reading),
      observedAt: reading.observedAt,
    }
  }
  return {
    'topology.read': (_input, client) => {
      client.look()
      return readTopology()
    },
    'topology.forget': async () => {
      fleet.forget()
      surveys.forget()
      return {}
    },
    'lag.read': async (_input, client) => {
      client.look()
      return lag.series()
    },
  }
}

/** Every tenant with its place on the revision tree, as far as it could be read. */
function listPositions({ config }: Project, reading: FleetReading): readonly TenantPosition[] {
  const { topology, plan, heads } = reading
  if (plan) {
    return plan.groups.flatMap(group =>
      group.tenants.map(tenant => ({
        tenant: tenant.tenant,
        cluster: tenant.cluster,
        database: tenant.database,
        group: group.name,
        wave: group.wave,
        heads: tenant.from,
        behind: countSteps(plan, tenant),
        fingerprint: tenant.fingerprint,
      })),
    )
  }
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
