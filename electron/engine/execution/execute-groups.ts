import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import { passSafePoint } from '../context/pass-safe-point.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { neverPaused } from '../context/run-control.ts'
import { createStopSwitch, type StopSwitch } from '../context/stop-switch.ts'
import { describeLostLock, stopStatementsOnSilence, stopVotesOnLostLock } from '../context/watch-lock.ts'
import { withPhase } from '../context/with-phase.ts'
import { heldTooLong, patienceMs, verifyGroup } from '../verification/verify-group.ts'
import { collectVotes, type GroupVote } from '../voting/collect-votes.ts'
import { expectRehearsed } from '../voting/inspect-vote.ts'
import { commitGroup, decideCommit, rollBackGroup, type SettledGroup } from '../voting/settle-group.ts'
import { createVoteDeadline } from '../voting/vote-deadline.ts'
import { askBeforeGroup } from './ask-before-group.ts'
import { migrateIndependently, migrateTails } from './migrate-independently.ts'

/** How the fleet stands after all groups were tried. */
export interface Execution {
  /** Tenants whose transaction committed, in the order of the plan. */
  readonly committed: readonly string[]
  /** Tenants of which nobody knows. */
  readonly unsettled: readonly string[]
  readonly failure: Failure | null
}

/** Votes that are collected and not yet settled, by group. */
export type PendingVotes = Map<string, GroupVote>

/** Migrates group after group: vote, decide, commit, replicas, smoke tests; the first failure undoes all that can be undone. */
export async function executeGroups(context: ExecutionContext): Promise<Execution> {
  const groups = listMigratingGroups(context.plan)
  const pending: PendingVotes = new Map()
  const settled: SettledGroup[] = []
  let failure: Failure | null = null
  try {
    for (const group of groups) {
      await passSafePoint(holdable(context, pending), `group ${group.name}`)
      if (!pending.has(group.name)) failure = await askBeforeGroup(context, group, [...pending.values()])
      if (failure) break
      const end = await migrateGroup(context, group, groups, pending)
      settled.push(end)
      failure =
        end.failure ??
        (end.result === 'committed' ? await verifyGroup(context, group, [...pending.values()]) : null)
      if (failure) break
    }
  } catch (error) {
    failure = toFailure(error)
  }
  settled.push(...(await rollBackPending(context, pending, failure)))
  const names = (pick: (group: SettledGroup) => readonly string[]): readonly string[] => [
    ...new Set(settled.flatMap(pick)),
  ]
  return { committed: names(group => group.committed), unsettled: names(group => group.unsettled), failure }
}

function migrateGroup(
  context: ExecutionContext,
  group: PlannedGroup,
  groups: readonly PlannedGroup[],
  pending: PendingVotes,
): Promise<SettledGroup> {
  return withPhase(context, 'migration_execution', group.name, async () => {
    const stop = createStopSwitch(context.signal)
    if (group.mode === 'independent')
      return phaseEnd(
        group,
        await stopStatementsOnSilence(context, stop, () =>
          migrateIndependently(holdable(context, pending), group, stop),
        ),
      )
    const voters = context.plan.vote === 'fleet' ? groups.filter(one => one.mode === 'atomic') : [group]
    const refusal = pending.has(group.name)
      ? null
      : await stopVotesOnLostLock(context, stop, () => collectAll(context, voters, pending, stop))
    const vote = pending.get(group.name)
    const objection = refusal ?? whyNotCommit(context, vote)
    if (!vote || objection)
      return phaseEnd(group, { result: 'rolled_back', committed: [], unsettled: [], failure: objection })
    await decideCommit(context, vote)
    // Nothing that goes wrong from here on may roll this group back.
    pending.delete(group.name)
    const end = await commitGroup(context, vote)
    await closeFinishers(vote)
    if (end.result !== 'committed') return phaseEnd(group, end)
    const tails = await stopStatementsOnSilence(context, stop, () =>
      migrateTails(holdable(context, pending), group, stop),
    )
    return phaseEnd(group, joinTails(end, tails))
  })
}

/** Nobody may hold the run while tenants are prepared: their tables are locked. */
function holdable(context: ExecutionContext, pending: PendingVotes): ExecutionContext {
  return pending.size === 0 ? context : { ...context, control: neverPaused }
}

/** Lets group after group vote; the first no ends it. All votes are left in `pending`, whatever they are. */
async function collectAll(
  context: ExecutionContext,
  voters: readonly PlannedGroup[],
  pending: PendingVotes,
  stop: StopSwitch,
): Promise<Failure | null> {
  const fingerprints = expectRehearsed(context)
  const seconds = context.config.execution.voteDeadlineSeconds
  const deadline = createVoteDeadline(seconds, stop)
  try {
    for (const voter of voters) {
      const vote = await collectVotes(context, voter, fingerprints, stop, deadline)
      pending.set(voter.name, vote)
      if (deadline.hasPassed())
        return { kind: 'deadline_passed', waitingFor: 'every tenant to vote', seconds }
      if (vote.failure && vote.failure.kind !== 'cancelled') return vote.failure
      // A stop that follows from something else is told by what it follows from.
      const lost = context.signal.aborted ? null : describeLostLock(context)
      if (lost ?? vote.failure) return lost ?? vote.failure
      if (vote.ballots.some(ballot => ballot.vote !== 'yes'))
        return { kind: 'cancelled', reason: 'not every tenant voted' }
    }
    return null
  } finally {
    deadline.end()
  }
}

/** What has come up since the votes: a decision needs the lock, and nobody who has said stop. */
export function whyNotCommit(context: ExecutionContext, vote: GroupVote | undefined): Failure | null {
  if (vote && patienceMs(context, [vote]) <= 0) return heldTooLong(context)
  if (context.signal.aborted) return { kind: 'cancelled', reason: 'interrupted before the decision' }
  return describeLostLock(context)
}

/** Undoes every vote that no decision has settled, with deadlines of its own. */
export async function rollBackPending(
  context: ExecutionContext,
  pending: PendingVotes,
  failure: Failure | null,
): Promise<readonly SettledGroup[]> {
  if (pending.size === 0) return []
  return withPhase(context, 'rollback', null, async () => {
    const ends: SettledGroup[] = []
    for (const vote of pending.values()) {
      ends.push(await rollBackGroup(context, vote, failure))
      await closeFinishers(vote)
    }
    const stuck = ends.flatMap(end => end.unsettled)
    const message = stuck.length === 0 ? 'every vote was rolled back' : `not settled: ${stuck.join(', ')}`
    return { status: stuck.length === 0 ? 'success' : 'failed', message, value: ends }
  })
}

function phaseEnd(group: PlannedGroup, end: SettledGroup) {
  const done = end.result === 'committed'
  const message = done
    ? `${end.committed.length} of ${group.tenants.length} tenants committed`
    : `group ${group.name}: ${end.result}`
  return { status: done ? ('success' as const) : ('failed' as const), message, value: end }
}

function joinTails(head: SettledGroup, tail: SettledGroup): SettledGroup {
  if (!tail.failure) return head
  return { ...head, result: 'partial', unsettled: tail.unsettled, failure: tail.failure }
}

/** Closes the connections that would have finished these votes. */
export async function closeFinishers(vote: GroupVote): Promise<void> {
  await Promise.all(vote.open.map(one => one.finisher.close()))
}
