import { LockstepError } from '../../../shared/failure/failure.ts'
import type { RunContext } from '../context/run-context.ts'
import { listUnfinished, nameUnfinished } from './find-open-runs.ts'
import { withClosed } from './find-refusal.ts'
import { refuseOpenVotes } from './list-open-votes.ts'

/** Refuses to start while an earlier run has left prepared transactions, or a log without an end. */
export async function refuseUnfinished(context: RunContext): Promise<void> {
  const { ports, topology, runId, config, signal } = context
  await refuseOpenVotes(ports, topology, signal)
  const runs = (await ports.store.list()).filter(run => run.runId !== runId)
  const [unfinished] = listUnfinished(config.project, runs)
  if (!unfinished) return
  throw new LockstepError(withClosed(nameUnfinished(unfinished), topology))
}
