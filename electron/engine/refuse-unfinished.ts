import { LockstepError } from '../../shared/failure.ts'
import { parseGid } from '../../shared/gid.ts'
import type { RunContext } from './run-context.ts'

/** Refuses to start while an earlier run has left prepared transactions, or a log without an end. */
export async function refuseUnfinished(context: RunContext): Promise<void> {
  const { ports, topology, runId, config, signal } = context
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
      // Several projects may keep their runs in one place.
      run.project === config.project &&
      run.outcome === null &&
      !run.alive &&
      run.damage === null &&
      run.startedAt !== null,
  )
  if (unfinished) throw new LockstepError({ kind: 'run_unfinished', runId: unfinished.runId, prepared: [] })
}
