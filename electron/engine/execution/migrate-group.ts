import type { Failure } from '../../../shared/failure/failure.ts'
import { listMigratingGroups } from '../../../shared/plan/plan-selectors.ts'
import { passSafePoint } from '../context/pass-safe-point.ts'
import type { ExecutionContext } from '../context/run-context.ts'
import { neverPaused } from '../context/run-control.ts'
import { createStopSwitch, type StopSwitch } from '../context/stop-switch.ts'
import { describeLostLock, stopStatementsOnSilence, stopVotesOnLostLock } from '../context/watch-lock.ts'
import type { NothingMore, Phase, Step } from '../phases/phase.ts'
import { inTime } from '../verification/verify-group.ts'
import { collectVotes } from '../voting/collect-votes.ts'
import { expectRehearsed } from '../voting/inspect-vote.ts'
import { closePreparedSessions, type GroupTurn, whyNotCommit } from '../voting/pending-votes.ts'
import { commitGroup, decideCommit, type SettledGroup } from '../voting/settle-group.ts'
import { createVoteDeadline } from '../voting/vote-deadline.ts'
import { askBeforeGroup } from './ask-before-group.ts'
import { migrateIndependently, migrateTails } from './migrate-independently.ts'

/** A group whose turn it is, and how those before it have ended. */
export interface MigrationTurn extends GroupTurn {
  readonly settled: SettledGroup[]
}

/** A run that somebody holds waits here, before anything of the group has begun. */
export const waitAtSafePoint: Step<GroupTurn, NothingMore> = {
  async work(turn) {
    await passSafePoint(holdable(turn), `group ${turn.group.name}`)
    return { kind: 'found', found: {} }
  },
}

/** Lets a group vote, decides and commits it; how it ended is in `settled`, whatever that is. */
export const migrateGroup: Phase<MigrationTurn, NothingMore> = {
  name: 'migration_execution',
  hooks: { before: askBeforeGroup, after: inTime.after },
  async work(turn) {
    const { group } = turn
    const end = await settleGroup(turn)
    turn.settled.push(end)
    const message = `${end.committed.length} of ${group.tenants.length} tenants committed`
    if (end.result === 'committed') return { status: 'success', message, found: {} }
    const failure = end.failure ?? { kind: 'cancelled', reason: 'not every tenant committed' }
    return { status: 'failed', message: `group ${group.name}: ${end.result}`, failure }
  },
}

async function settleGroup(turn: MigrationTurn): Promise<SettledGroup> {
  const { group, pending } = turn
  const stop = createStopSwitch(turn.signal)
  if (group.mode === 'independent')
    return stopStatementsOnSilence(turn, stop, () => migrateIndependently(holdable(turn), group, stop))
  const refusal = pending.has(group.name)
    ? null
    : await stopVotesOnLostLock(turn, stop, () => collectAll(turn, stop))
  const vote = pending.get(group.name)
  const objection = refusal ?? (vote ? whyNotCommit(turn, vote) : notEverybody)
  if (!vote || objection) return { result: 'rolled_back', committed: [], unsettled: [], failure: objection }
  await decideCommit(turn, vote)
  // Nothing that goes wrong from here on may roll this group back.
  pending.delete(group.name)
  const end = await commitGroup(turn, vote)
  await closePreparedSessions(vote)
  if (end.result !== 'committed') return end
  const tails = await stopStatementsOnSilence(turn, stop, () => migrateTails(holdable(turn), group, stop))
  return joinTails(end, tails)
}

const notEverybody: Failure = { kind: 'cancelled', reason: 'not every tenant voted' }

/** The run may not be paused while tenants are prepared: their tables are locked. */
function holdable(turn: GroupTurn): ExecutionContext {
  return turn.pending.size === 0 ? turn : { ...turn, control: neverPaused }
}

/** Lets this group vote, or all that vote with it; the first no ends it. All votes are left in `pending`, whatever they are. */
async function collectAll(turn: GroupTurn, stop: StopSwitch): Promise<Failure | null> {
  const { plan, group, pending } = turn
  const atomic = listMigratingGroups(plan).filter(one => one.mode === 'atomic')
  const voters = plan.vote === 'fleet' ? atomic : [group]
  const fingerprints = expectRehearsed(turn)
  const seconds = turn.config.execution.voteDeadlineSeconds
  const deadline = createVoteDeadline(seconds, stop)
  try {
    for (const voter of voters) {
      const vote = await collectVotes(turn, voter, fingerprints, stop, deadline)
      pending.set(voter.name, vote)
      if (deadline.hasPassed())
        return { kind: 'deadline_passed', waitingFor: 'every tenant to vote', seconds }
      if (vote.failure && vote.failure.kind !== 'cancelled') return vote.failure
      // A stop that follows from something else is told by what it follows from.
      const lost = turn.signal.aborted ? null : describeLostLock(turn)
      if (lost ?? vote.failure) return lost ?? vote.failure
      if (vote.ballots.some(ballot => ballot.vote !== 'yes')) return notEverybody
    }
    return null
  } finally {
    deadline.end()
  }
}

function joinTails(head: SettledGroup, tail: SettledGroup): SettledGroup {
  if (!tail.failure) return head
  return { ...head, result: 'partial', unsettled: tail.unsettled, failure: tail.failure }
}
