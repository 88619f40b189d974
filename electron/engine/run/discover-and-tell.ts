import { countOf } from '../../../shared/text/plain-words.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { Recorder } from '../recording/recorder.ts'
import { discoverTopology } from '../topology/discover-topology.ts'

/** The phase of discovery: every server as soon as it was seen, then the tenants. */
export async function discoverAndTell(
  config: ProjectConfig,
  ports: Pick<EnginePorts, 'servers' | 'prepared' | 'store'>,
  recorder: Recorder,
  signal: AbortSignal,
) {
  const onServer = (observation: Topology['clusters'][number]['primary']): Promise<void> =>
    recorder.record({ type: 'server.observed', server: observation.server, observation })
  const topology = await discoverTopology(config, ports, onServer, signal)
  await recorder.record({ type: 'tenants.discovered', tenants: topology.tenants })
  const standbys = topology.clusters.reduce((sum, cluster) => sum + cluster.standbys.length, 0)
  const message = `${countOf(topology.tenants.length, 'tenant')}, ${topology.clusters.length} primary, ${countOf(standbys, 'standby')}`
  return { status: 'success' as const, message, value: topology }
}
