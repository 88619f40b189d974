import { LockstepError } from '../../shared/failure.ts'
import { refuseOpenVotes } from './list-open-votes.ts'
import type { RunContext } from './run-context.ts'

/** Refuses to start while an earlier run has left prepared transactions, or a log without an end. */
export async function refuseUnfinished(context: RunContext): Promise<void> {
  const { ports, topology, runId, config, signal } = context
  await refuseOpenVotes(ports.prepared, topology, signal)
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
