import type { Failure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { describeLostLock } from '../context/watch-lock.ts'
import type { GroupVote } from './collect-votes.ts'

/** Votes that are collected and not yet settled, by group. */
export type PendingVotes = Map<string, GroupVote>

/** A run at one of its groups, with the votes that are held meanwhile. */
export interface GroupTurn extends ExecutionContext {
  readonly group: PlannedGroup
  readonly pending: PendingVotes
}

/** Milliseconds until the oldest of these votes has been held for as long as readers may be kept waiting; infinite without votes. */
export function remainingVoteMs(
  { clock, config }: Pick<ExecutionContext, 'clock' | 'config'>,
  votes: Iterable<GroupVote>,
): number {
  const since = [...votes].flatMap(vote => (vote.heldSinceMs === null ? [] : [vote.heldSinceMs]))
  return Math.min(...since) + config.execution.voteDeadlineSeconds * 1_000 - clock.monotonicMs()
}

/** What is said when prepared tenants were held for too long. */
export function heldTooLong({ config }: Pick<ExecutionContext, 'config'>): Failure {
  const seconds = config.execution.voteDeadlineSeconds
  return { kind: 'deadline_passed', waitingFor: 'the decision on prepared tenants', seconds }
}

/** What has come up since the votes: a decision needs the lock, and a run that was not stopped. */
export function whyNotCommit(context: ExecutionContext, vote: GroupVote): Failure | null {
  if (remainingVoteMs(context, [vote]) <= 0) return heldTooLong(context)
  if (context.signal.aborted) return { kind: 'cancelled', reason: 'interrupted before the decision' }
  return describeLostLock(context)
}

/** Closes the connections that would have finished these votes. */
export async function closePreparedSessions(vote: GroupVote): Promise<void> {
  await Promise.all(vote.open.map(one => one.preparedSession.close()))
}
