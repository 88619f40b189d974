import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { RunContext } from './run-context.ts'

const everyMs = 1_000

type SampleContext = Pick<RunContext, 'topology' | 'ports' | 'recorder' | 'clock'>

/** Records how far each standby is behind, once a second while the work runs. It only looks: nothing it meets reaches the work. */
export async function withLagSamples<T>(context: SampleContext, work: () => Promise<T>): Promise<T> {
  const end = new AbortController()
  const sampling = sampleUntil(context, end.signal)
  try {
    return await work()
  } finally {
    end.abort()
    await sampling
  }
}

async function sampleUntil(context: SampleContext, end: AbortSignal): Promise<void> {
  const { clock, topology } = context
  const standbys = topology.clusters.flatMap(cluster => cluster.standbys)
  if (standbys.length === 0) return
  while (!end.aborted) {
    await clock.sleep(everyMs, end)
    await mapConcurrently(standbys, 4, ({ cluster, server }) => sampleStandby(context, cluster, server, end))
  }
}

async function sampleStandby(
  { ports, recorder }: SampleContext,
  cluster: string,
  server: string,
  end: AbortSignal,
): Promise<void> {
  if (end.aborted) return
  try {
    const { replication } = await ports.servers.observe(server, end)
    if (end.aborted) return
    const { lagBytes = null, lagSeconds = null } = replication ?? {}
    await recorder.tryRecord({ type: 'lag.sampled', cluster, server, volatile: { lagBytes, lagSeconds } })
  } catch {
    // A server that cannot be asked is judged where it matters.
  }
}
