import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import { assertNever } from '../../../shared/text/assert-never.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../context/run-context.ts'
import { withIdleDeadline } from '../context/with-idle-deadline.ts'
import { findVoteFate } from '../voting/look-up-vote.ts'
import { askVoters } from './ask-voters.ts'
import { chooseDirections, type GroupEvidence } from './choose-directions.ts'
import { type LeftVote, listLeftovers } from './list-leftovers.ts'
import type { RunRecord } from './read-record.ts'

/** What became of the votes that a dead run has left. */
export interface SettledLeftovers {
  /** Of groups that are decided on in their turn, once those before them are found well. */
  readonly held: readonly LeftVote[]
  /** The first thing that could not be settled, or null. */
  readonly failure: Failure | null
}

/** Commits or rolls back every vote that a dead run has left, as its record and the databases say. */
export async function settleLeftovers(
  context: ExecutionContext,
  record: RunRecord,
  /** Resolves when the migrations can be asked without waiting for their start. */
  warmed: Promise<unknown>,
): Promise<SettledLeftovers> {
  let failure = await awaitBallots(context, record)
  const { votes, strays } = await listLeftovers(context)
  if (strays.length > 0) {
    const reason = 'a vote of the run is prepared in a database that is not in its plan'
    failure ??= { kind: 'rollback_unproven', tenants: strays.map(one => one.database), reason }
  }
  const groups = await askVoters(context, record, votes, warmed)
  const { isStopped, isDamaged: isRecordDamaged } = record
  const directions = chooseDirections({ vote: record.plan.vote, isStopped, isRecordDamaged, groups })
  const held: LeftVote[] = []
  for (const evidence of groups) {
    const { group } = evidence
    const direction = directions.get(group) ?? 'unknown'
    const own = votes.filter(vote => vote.group.name === group)
    if (own.length === 0) continue
    switch (direction) {
      case 'forward':
        // Also a decision that only the databases know has to be on record before anything else acts on it.
        if (evidence.decision !== 'commit')
          await context.recorder.recordDurably({
            type: 'group.decided',
            group,
            decision: 'commit',
            failure: null,
          })
        failure = (await settleVotes(context, own, 'rolled_forward')) ?? failure
        break
      case 'back':
        failure = (await settleVotes(context, own, 'rolled_back')) ?? failure
        break
      case 'continue':
        held.push(...own)
        break
      case 'unknown':
        failure ??= nameUndecided(context, evidence, own)
        break
      default:
        assertNever(direction)
    }
  }
  return { held, failure }
}

/** A runner that outlived its run may still prepare: a tenant that had begun to vote is waited for before votes are counted. */
async function awaitBallots(context: ExecutionContext, record: RunRecord): Promise<Failure | null> {
  const { ports, topology, config } = context
  const seconds = config.execution.settleSeconds
  const open = record.openBallots.filter(ballot => !record.ended.has(ballot.tenant))
  const stuck = await withIdleDeadline(seconds, idleDeadline =>
    mapConcurrently(open, 4, async ({ tenant, gid, xid }) => {
      const server = primaryOf(topology, findTenant(topology, tenant))
      const fate = await findVoteFate(ports, { server, gid, xid }, idleDeadline.signal)
      if (fate === 'running') return [tenant]
      idleDeadline.renew()
      return []
    }),
  )
  const names = stuck.flat()
  if (names.length === 0) return null
  return { kind: 'deadline_passed', waitingFor: `the transaction of ${names.join(', ')} to end`, seconds }
}

/** Says which votes are left as they are, why, and what a person can do about each of them. */
function nameUndecided(
  { runId }: ExecutionContext,
  { group, decision, voters }: GroupEvidence,
  votes: readonly LeftVote[],
): Failure {
  const count = (state: GroupEvidence['voters'][number]): number => voters.filter(one => one === state).length
  return {
    kind: 'votes_undecided',
    runId,
    group,
    decision,
    committed: count('committed'),
    undone: count('undone'),
    unknown: count('unknown') + count('running'),
    votes: votes.map(({ planned, database, gid }) => ({ tenant: planned.tenant, database, gid })),
  }
}

/** Ends these votes, all in one direction; the first one that could not be ended, or null. */
export async function settleVotes(
  context: ExecutionContext,
  votes: readonly LeftVote[],
  how: 'rolled_forward' | 'rolled_back',
): Promise<Failure | null> {
  const failures = await mapConcurrently(votes, 8, vote => settleVote(context, vote, how))
  return failures.find(failure => failure !== null) ?? null
}

async function settleVote(
  { ports, recorder, topology, signal }: ExecutionContext,
  { server, gid, planned: { tenant } }: LeftVote,
  how: 'rolled_forward' | 'rolled_back',
): Promise<Failure | null> {
  let answer: 'done' | 'missing'
  try {
    const preparedSession = await ports.prepared.openSession(server, findTenant(topology, tenant), signal)
    try {
      answer = await (how === 'rolled_forward' ? preparedSession.commit(gid) : preparedSession.rollback(gid))
    } finally {
      await preparedSession.close()
    }
  } catch (error) {
    return toFailure(error)
  }
  // Gone meanwhile: where the tenant is found afterwards says how it ended.
  if (answer === 'done')
    await recorder.tryRecord({ type: 'recovery.settled', tenant, how, volatile: { gid } })
  return null
}
