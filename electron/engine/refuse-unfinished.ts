import { LockstepError } from '../../shared/failure.ts'
import { parseGid } from '../../shared/gid.ts'
import type { RunContext } from './run-context.ts'

/** Refuses to start while an earlier run has left prepared transactions, or a log without an end. */
export async function refuseUnfinished(context: RunContext): Promise<void> {
  const { ports, topology, runId, signal } = context
  for (const cluster of topology.clusters) {
    const prepared = await ports.prepared.list(cluster.primary.server, signal)
    const left = prepared.filter(transaction => parseGid(transaction.gid) !== null)
    const first = left[0] && parseGid(left[0].gid)
    if (first)
      throw new LockstepError({
        kind: 'run_unfinished',
        runId: first.runId,
        prepared: left.map(one => one.gid),
      })
  }
  const runs = await ports.store.list()
  const unfinished = runs.find(
    run =>
      run.runId !== runId &&
      run.outcome === null &&
      !run.alive &&
      run.damage === null &&
      run.startedAt !== null,
  )
  if (unfinished) throw new LockstepError({ kind: 'run_unfinished', runId: unfinished.runId, prepared: [] })
}
