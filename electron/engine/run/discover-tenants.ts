import { toFailure } from '../../../shared/failure/failure.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { RunContext } from '../context/run-context.ts'
import { onceAround } from '../hooks/around-phases.ts'
import { refusalOfClosed } from '../open-runs/find-refusal.ts'
import type { Phase, Step } from '../phases/phase.ts'
import { discoverTopology, type ServerListener } from '../topology/discover-topology.ts'

/** Every server as soon as it was seen, then the tenants. */
export const discoverTenants: Phase<Omit<RunContext, 'topology'>, { readonly topology: Topology }> = {
  name: 'topology_discovery',
  hooks: onceAround,
  async work({ config, ports, recorder, signal }) {
    const onServer = (observation: Topology['clusters'][number]['primary']): Promise<void> =>
      recorder.record({ type: 'server.observed', server: observation.server, observation })
    const topology = await discoverOnceOpen({ config, ports }, onServer, signal)
    await recorder.record({ type: 'tenants.discovered', tenants: topology.tenants })
    const standbys = topology.clusters.reduce((sum, cluster) => sum + cluster.standbys.length, 0)
    const message = `${countOf(topology.tenants.length, 'tenant')}, ${topology.clusters.length} primary, ${countOf(standbys, 'standby')}`
    return { status: 'success', message, found: { topology } }
  },
}

/**
 * Looks again once nobody else can be at work: before that another run may have closed tenants, or taken the name of one
 * away for a moment, and a tenant that was not seen would be left out in silence.
 */
export const confirmTenants: Step<RunContext, { readonly topology: Topology }> = {
  async work({ config, ports, topology, recorder, signal }) {
    const ours = { ...ports, locks: { readHolder: async () => null } }
    const confirmed = await discoverTopology(config, ours, async () => undefined, signal)
    const { tenants } = confirmed
    if (JSON.stringify(tenants) !== JSON.stringify(topology.tenants))
      await recorder.record({ type: 'tenants.discovered', tenants })
    return { kind: 'found', found: { topology: confirmed } }
  },
}

const lookAgainMs = 1_000

/** What a run at work keeps closed is looked for again, for as long as the lock of that run would be waited for. */
async function discoverOnceOpen(
  { config, ports }: Pick<RunContext, 'config' | 'ports'>,
  onServer: ServerListener,
  signal: AbortSignal,
): Promise<Topology> {
  const { clock } = ports
  const endsAt = clock.monotonicMs() + config.execution.lockWaitSeconds * 1_000
  let listener = onServer
  for (;;) {
    const isLast = signal.aborted || clock.monotonicMs() >= endsAt
    try {
      const topology = await discoverTopology(config, ports, listener, signal)
      if (isLast || refusalOfClosed(topology.unreadable ?? [])?.kind !== 'run_locked') return topology
    } catch (error) {
      if (isLast || toFailure(error).kind !== 'run_locked') throw error
    }
    // Each server goes on record once.
    listener = async () => undefined
    await clock.sleep(lookAgainMs, signal)
  }
}
