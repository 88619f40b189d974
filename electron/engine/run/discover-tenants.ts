import { countOf } from '../../../shared/text/plain-words.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { RunContext } from '../context/run-context.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { Phase } from '../phases/phase.ts'
import { discoverTopology } from '../topology/discover-topology.ts'

/** Every server as soon as it was seen, then the tenants. */
export const discoverTenants: Phase<Omit<RunContext, 'topology'>, { readonly topology: Topology }> = {
  name: 'topology_discovery',
  hooks: onceAround,
  async work({ config, ports, recorder, signal }) {
    const onServer = (observation: Topology['clusters'][number]['primary']): Promise<void> =>
      recorder.record({ type: 'server.observed', server: observation.server, observation })
    const topology = await discoverTopology(config, ports, onServer, signal)
    await recorder.record({ type: 'tenants.discovered', tenants: topology.tenants })
    const standbys = topology.clusters.reduce((sum, cluster) => sum + cluster.standbys.length, 0)
    const message = `${countOf(topology.tenants.length, 'tenant')}, ${topology.clusters.length} primary, ${countOf(standbys, 'standby')}`
    return { status: 'success', message, found: { topology } }
  },
}
