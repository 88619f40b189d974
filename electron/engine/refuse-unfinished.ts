import { LockstepError } from '../../shared/failure.ts'
import { listOpenVotes, refusalOf } from './list-open-votes.ts'
import type { RunContext } from './run-context.ts'

/** Refuses to start while an earlier run has left prepared transactions, or a log without an end. */
export async function refuseUnfinished(context: RunContext): Promise<void> {
  const { ports, topology, runId, config, signal } = context
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const refusal = refusalOf(await listOpenVotes(ports.prepared, primaries, signal))
  if (refusal) throw new LockstepError(refusal)
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
