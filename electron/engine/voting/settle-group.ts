import { type Failure, LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { GroupResult } from '../../../shared/run/outcome.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { runConnections } from '../context/most-at-once.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../context/run-context.ts'
import { type IdleDeadline, withIdleDeadlines } from '../context/with-idle-deadline.ts'
import type { GroupVote, OpenVote } from './collect-votes.ts'
import { findVoteFate } from './look-up-vote.ts'
import type { Ballot } from './migrate-tenant.ts'

const tryAgainMs = 200

/** How a group ended, and which of its tenants are where. */
export interface SettledGroup {
  readonly result: GroupResult
  readonly committed: readonly string[]
  readonly unsettled: readonly string[]
  readonly failure: Failure | null
}

/** Writes the decision to disk: from here on the group commits, whatever happens. Throws when it could not be written. */
export async function decideCommit(context: ExecutionContext, vote: GroupVote): Promise<void> {
  const group = vote.group.name
  await context.recorder.recordDurably({ type: 'group.decided', group, decision: 'commit', failure: null })
}

/** Commits every prepared transaction of a group whose decision is on disk. Never throws: nothing undoes a decision. */
export async function commitGroup(context: ExecutionContext, vote: GroupVote): Promise<SettledGroup> {
  const { recorder, clock } = context
  const group = vote.group.name
  const decidedAt = clock.monotonicMs()
  const committed: string[] = []
  const unsettled: string[] = []
  let failure: Failure | null = null
  await settleEach(context, vote.open, async (one, patience) => {
    const tenant = one.planned.tenant
    const problem = await commitOne(context, vote, one, patience)
    if (!problem) {
      committed.push(tenant)
      // The decision is on disk: a log that is full now cannot change what happens.
      await recorder.tryRecord({
        type: 'tenant.committed',
        group,
        tenant,
        volatile: { sinceDecisionMs: since(clock, decidedAt) },
      })
    } else {
      unsettled.push(tenant)
      failure ??= problem
      await recorder.tryRecord({ type: 'tenant.unsettled', group, tenant, failure: problem, volatile: {} })
    }
  })
  const result = unsettled.length === 0 ? 'committed' : 'unsettled'
  await recorder.tryRecord({
    type: 'group.finished',
    group,
    result,
    volatile: { commitMs: since(clock, decidedAt), windowMs: measureWindow(clock, vote) },
  })
  return { result, committed, unsettled, failure }
}

/** Records that the group does not commit, then rolls back whatever of it may be prepared. Never throws. */
export async function rollBackGroup(
  context: ExecutionContext,
  vote: GroupVote,
  failure: Failure | null,
): Promise<SettledGroup> {
  const { recorder, clock } = context
  const group = vote.group.name
  await recorder.tryRecord({ type: 'group.decided', group, decision: 'rollback', failure })
  const unsettled: string[] = []
  await settleEach(context, vote.open, async (one, patience) => {
    const tenant = one.planned.tenant
    const ballot = ballotOf(vote, one)
    try {
      const answer = await rollBackOne(context, one, ballot, patience)
      // A tenant whose transaction ended before it was prepared has been told by its vote already.
      const how = answer === 'done' ? 'prepared' : 'transaction'
      if (ballot?.failure?.kind === 'committed_behind_our_back') {
        // What the migration committed by itself is out of the vote's reach, and no fingerprint shows rows.
        unsettled.push(tenant)
        await recorder.tryRecord({
          type: 'tenant.unsettled',
          group,
          tenant,
          failure: ballot.failure,
          volatile: {},
        })
      } else if (answer === 'done' || ballot?.vote !== 'yes') {
        await recorder.tryRecord({ type: 'tenant.rolled_back', group, tenant, how, volatile: {} })
      }
    } catch (error) {
      unsettled.push(tenant)
      await recorder.tryRecord({
        type: 'tenant.unsettled',
        group,
        tenant,
        failure: toFailure(error),
        volatile: {},
      })
    }
  })
  const result = unsettled.length === 0 ? 'rolled_back' : 'unsettled'
  const windowMs = measureWindow(clock, vote)
  await recorder.tryRecord({ type: 'group.finished', group, result, volatile: { windowMs } })
  return { result, committed: [], unsettled, failure }
}

/** Says null once the tenant is committed. An answer that got lost is looked up, and the command repeated while it may help. */
async function commitOne(
  context: ExecutionContext,
  vote: GroupVote,
  one: OpenVote,
  patience: Patience,
): Promise<Failure | null> {
  const { ports, clock, topology } = context
  const tenant = one.planned.tenant
  const server = primaryOf(topology, findTenant(topology, tenant))
  const xid = ballotOf(vote, one)?.xid
  const { signal: deadline, renew } = patience.deadlineOf(server)
  const unanswered: Failure = { kind: 'connection_lost', server, during: 'commit prepared' }
  // One that is not tried any more is told what the server said last.
  let problem = deadline.aborted ? (patience.problems.get(server) ?? unanswered) : unanswered
  while (!deadline.aborted) {
    const answer = await one.preparedSession.commit(one.gid).catch((error: unknown) => {
      problem = toFailure(error)
      patience.problems.set(server, problem)
      return 'lost' as const
    })
    if (answer !== 'lost') renew()
    if (answer === 'done') return null
    // Gone, or no answer: both are what a commit looks like that arrived before. The transaction's own status tells.
    const status = xid ? await ports.prepared.status(server, xid, deadline).catch(() => 'lost') : 'unknown'
    if (status === 'committed') return null
    if (answer === 'missing' && status !== 'in progress' && status !== 'lost') {
      const reason = `the prepared transaction is gone and its status is ${status}`
      return { kind: 'rollback_unproven', tenants: [tenant], reason }
    }
    await clock.sleep(tryAgainMs, deadline)
  }
  return problem
}

/** Says `done` for a prepared transaction and `missing` for one that never was; throws when neither is certain. */
async function rollBackOne(
  context: ExecutionContext,
  { planned, gid, preparedSession }: OpenVote,
  ballot: Ballot | undefined,
  patience: Patience,
): Promise<'done' | 'missing'> {
  const { ports, clock, topology } = context
  const server = primaryOf(topology, findTenant(topology, planned.tenant))
  const { signal: deadline, renew } = patience.deadlineOf(server)
  const running: Failure = {
    kind: 'rollback_unproven',
    tenants: [planned.tenant],
    reason: 'its transaction has not come to an end',
  }
  let problem = deadline.aborted ? (patience.problems.get(server) ?? running) : running
  while (!deadline.aborted) {
    let lost = false
    try {
      const answer = await preparedSession.rollback(gid)
      renew()
      if (answer === 'done' || ballot?.vote !== 'unsettled') return answer
    } catch (error) {
      lost = true
      problem = toFailure(error)
      patience.problems.set(server, problem)
    }
    // Either the answer was lost, or the vote: then its backend may still be about to prepare.
    const fate = await findVoteFate(ports, { server, gid, xid: ballot?.xid ?? null }, deadline)
    if (fate === 'over') return lost ? 'done' : 'missing'
    await clock.sleep(tryAgainMs, deadline)
  }
  throw new LockstepError(problem)
}

function ballotOf(vote: GroupVote, one: OpenVote): Ballot | undefined {
  return vote.ballots.find(ballot => ballot.planned.tenant === one.planned.tenant)
}

/** How long the servers of a group may be silent while it is settled, and what each said last. */
interface Patience {
  readonly deadlineOf: (server: string) => IdleDeadline
  readonly problems: Map<string, Failure>
}

/**
 * Settles each tenant. Undoing and finishing have deadlines of their own: those of the work may be spent, and what a person
 * would wait for does not count. Where a server has let nobody in for that long, the rest of its tenants is not tried.
 */
function settleEach(
  context: ExecutionContext,
  open: readonly OpenVote[],
  settle: (one: OpenVote, patience: Patience) => Promise<void>,
): Promise<unknown> {
  const problems = new Map<string, Failure>()
  return withIdleDeadlines(context.config.execution.settleSeconds, deadlineOf =>
    mapConcurrently(open, finishedAtOnce(context), one => settle(one, { deadlineOf, problems })),
  )
}

/** Each has a session while it is finished; the rest is for the run's lock and for looking. */
function finishedAtOnce({ config }: ExecutionContext): number {
  return Math.max(1, config.execution.connectionsPerServer - (runConnections - 1))
}

/** From the first vote to now; 0 where no vote was asked for. */
function measureWindow(
  clock: ExecutionContext['clock'],
  { heldSinceMs, heldBeforeMs = 0 }: GroupVote,
): number {
  return heldSinceMs === null ? 0 : heldBeforeMs + since(clock, heldSinceMs)
}

function since(clock: ExecutionContext['clock'], startedAt: number): number {
  return Math.round((clock.monotonicMs() - startedAt) * 10) / 10
}
