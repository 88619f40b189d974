import type { RunContext } from '../context/run-context.ts'
import type { NothingMore, Step } from '../phases/phase.ts'
import { listUnfinished, nameUnfinished } from './find-open-runs.ts'
import { findOpenVotes } from './find-open-votes.ts'
import { withClosed } from './find-refusal.ts'

/** Refuses to go on while an earlier run has left prepared transactions, or a log without an end. */
export const refuseUnfinished: Step<RunContext, NothingMore> = {
  async work({ ports, topology, runId, config, signal }) {
    const votes = await findOpenVotes({ config, topology }, ports, signal)
    if (votes) return { kind: 'failed', failure: votes }
    const runs = (await ports.store.list()).filter(run => run.runId !== runId)
    const [unfinished] = listUnfinished(config.project, runs)
    if (!unfinished) return { kind: 'found', found: {} }
    return { kind: 'failed', failure: withClosed(nameUnfinished(unfinished), topology) }
  },
}
