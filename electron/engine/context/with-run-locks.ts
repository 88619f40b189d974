import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { AcquiredLock } from '../ports/servers.ts'
import type { Recorder } from '../recording/recorder.ts'

const pollMs = 250

/** Holds the run lock of every cluster while the work runs; refuses with the holder's name when another run has one. */
export async function withRunLocks<T>(
  context: {
    readonly ports: Pick<EnginePorts, 'locks' | 'clock'>
    readonly recorder: Recorder
    readonly topology: Topology
  },
  waitSeconds: number,
  work: (findLostLock: () => string | null) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { ports, recorder, topology } = context
  const locks: { readonly server: string; readonly lock: AcquiredLock }[] = []
  const startedAt = ports.clock.monotonicMs()
  try {
    // Always in one order, so that two runs over the same clusters cannot wait for each other.
    for (const cluster of [...topology.clusters].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const owner = `lockstep run ${recorder.runId}`
      for (;;) {
        const lock = await ports.locks.acquire(cluster.primary.server, owner, signal)
        if (lock.acquired) {
          locks.push({ server: cluster.primary.server, lock })
          break
        }
        if (signal.aborted || ports.clock.monotonicMs() - startedAt >= waitSeconds * 1_000) {
          throw new LockstepError({ kind: 'run_locked', cluster: cluster.name, holder: lock.holder })
        }
        await ports.clock.sleep(pollMs, signal)
      }
      const waitedMs = Math.round(ports.clock.monotonicMs() - startedAt)
      await recorder.record({ type: 'lock.acquired', cluster: cluster.name, volatile: { waitedMs } })
    }
    return await work(() => locks.find(({ lock }) => !lock.isHeld())?.server ?? null)
  } finally {
    for (const { lock } of locks.reverse()) await lock.release()
  }
}
