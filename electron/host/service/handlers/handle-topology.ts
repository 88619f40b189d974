import type { TopologyView } from '../../../../shared/api/topology-view.ts'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import { placeTenants } from '../../../app/status/place-tenants.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'

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
      positions: placeTenants(project.config, reading),
      observedAt: reading.observedAt,
    }
  }
  return {
    'topology.read': (_input, client) => {
      client.refresh()
      return readTopology()
    },
    'topology.forget': async () => {
      fleet.forget()
      surveys.forget()
      return {}
    },
    'lag.read': async (_input, client) => {
      client.refresh()
      return lag.series()
    },
  }
}
