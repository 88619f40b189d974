import type { Failure } from '../../shared/failure.ts'
import { toFailure } from '../../shared/failure.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { GroupResult } from '../../shared/run-event.ts'
import type { GroupVote, OpenVote } from './collect-votes.ts'
import { type ExecutionContext, findTenant, primaryOf } from './run-context.ts'

/** Undoing and finishing have deadlines of their own: those of the work may be spent. */
const settleDeadlineMs = 60_000

/** How a group ended, and which of its tenants are where. */
export interface SettledGroup {
  readonly result: GroupResult
  readonly committed: readonly string[]
  readonly unsettled: readonly string[]
  readonly failure: Failure | null
}

/** Writes the decision to disk, then commits every prepared transaction of the group. */
export async function commitGroup(context: ExecutionContext, vote: GroupVote): Promise<SettledGroup> {
  const { recorder, clock } = context
  const group = vote.group.name
  await recorder.recordDurably({ type: 'group.decided', group, decision: 'commit', failure: null })
  const decidedAt = clock.monotonicMs()
  const committed: string[] = []
  const unsettled: string[] = []
  let failure: Failure | null = null
  await mapConcurrently(vote.open, 32, async one => {
    const tenant = one.planned.tenant
    const problem = await commitOne(context, vote, one)
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
    volatile: { commitMs: since(clock, decidedAt), windowMs: since(clock, vote.firstYesMs ?? decidedAt) },
  })
  return { result, committed, unsettled, failure }
}

/** Records that the group does not commit, then rolls back whatever of it may be prepared. */
export async function rollBackGroup(
  context: ExecutionContext,
  vote: GroupVote,
  failure: Failure | null,
): Promise<SettledGroup> {
  const { recorder, clock } = context
  const group = vote.group.name
  await recorder.tryRecord({ type: 'group.decided', group, decision: 'rollback', failure })
  const unsettled: string[] = []
  await mapConcurrently(vote.open, 32, async one => {
    const tenant = one.planned.tenant
    const ballot = vote.ballots.find(candidate => candidate.planned.tenant === tenant)
    try {
      const answer = await one.finisher.rollback(one.gid)
      // A tenant whose transaction ended before it was prepared has been told by its vote already.
      const how = answer === 'done' ? 'prepared' : 'transaction'
      if (answer === 'done' || ballot?.vote !== 'yes') {
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
  const windowMs = vote.firstYesMs === null ? 0 : since(clock, vote.firstYesMs)
  await recorder.tryRecord({ type: 'group.finished', group, result, volatile: { windowMs } })
  return { result, committed: [], unsettled, failure }
}

async function commitOne(context: ExecutionContext, vote: GroupVote, one: OpenVote): Promise<Failure | null> {
  const tenant = one.planned.tenant
  try {
    if ((await one.finisher.commit(one.gid)) === 'done') return null
  } catch (error) {
    return toFailure(error)
  }
  // "Missing" is what a commit that arrived looks like when its answer was lost: the transaction's own status tells.
  const xid = vote.ballots.find(ballot => ballot.planned.tenant === tenant)?.xid
  const server = primaryOf(context.topology, findTenant(context.topology, tenant))
  const status = xid
    ? await context.ports.prepared.status(server, xid, AbortSignal.timeout(settleDeadlineMs))
    : 'unknown'
  if (status === 'committed') return null
  return {
    kind: 'rollback_unproven',
    tenants: [tenant],
    reason: `the prepared transaction is gone and its status is ${status}`,
  }
}

function since(clock: ExecutionContext['clock'], startedAt: number): number {
  return Math.round((clock.monotonicMs() - startedAt) * 10) / 10
}
