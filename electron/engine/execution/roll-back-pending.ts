import type { Failure } from '../../../shared/failure/failure.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { noHooksAround } from '../hooks/around-phases.ts'
import type { Phase } from '../phases/phase.ts'
import type { GroupVote } from '../voting/collect-votes.ts'
import { closePreparedSessions, type PendingVotes } from '../voting/pending-votes.ts'
import { rollBackGroup, type SettledGroup } from '../voting/settle-group.ts'

/** A run that goes on to no further group, and why. */
export interface StoppedRun extends ExecutionContext {
  readonly pending: PendingVotes
  readonly failure: Failure | null
}

/** Undoes every vote that no decision has settled, with deadlines of its own. */
export const rollBackPending: Phase<StoppedRun, { readonly undone: readonly SettledGroup[] }> = {
  name: 'rollback',
  hooks: noHooksAround,
  skip: ({ pending }) => (pending.size === 0 ? { undone: [] } : null),
  async work(run) {
    const undone: SettledGroup[] = []
    for (const vote of run.pending.values()) {
      undone.push(await rollBackGroup(run, vote, run.failure))
      await closePreparedSessions(vote)
    }
    const stuck = undone.flatMap(end => end.unsettled)
    const message = stuck.length === 0 ? 'every vote was rolled back' : `not settled: ${stuck.join(', ')}`
    return { status: stuck.length === 0 ? 'success' : 'failed', message, found: { undone } }
  },
  // What became of these votes nobody can say then: a person has to look.
  afterFailure: ({ pending }, failure) => ({
    undone: [...pending.values()].map(vote => lose(vote, failure)),
  }),
}

function lose({ open }: GroupVote, failure: Failure): SettledGroup {
  const unsettled = open.map(({ planned }) => planned.tenant)
  return { result: 'unsettled', committed: [], unsettled, failure }
}
