import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { listMigratingGroups, listMigratingOf } from '../../../shared/plan/plan-selectors.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { type ExecutionContext, findTenant } from '../context/run-context.ts'
import { withPatience } from '../context/with-patience.ts'
import { withPhase } from '../context/with-phase.ts'
import {
  closeFinishers,
  type PendingVotes,
  rollBackPending,
  whyNotCommit,
} from '../execution/execute-groups.ts'
import { verifyGroup } from '../verification/verify-group.ts'
import type { GroupVote, OpenVote } from '../voting/collect-votes.ts'
import type { Ballot } from '../voting/migrate-tenant.ts'
import { commitGroup, decideCommit } from '../voting/settle-group.ts'
import type { LeftVote } from './list-leftovers.ts'
import type { OpenBallot } from './read-record.ts'
import { readStanding } from './read-standings.ts'
import { settleVotes } from './settle-leftovers.ts'

/** How the groups whose turn had not come were settled. */
export interface ContinuedFleet {
  /** Groups that were found well here. */
  readonly verified: readonly string[]
  /** Why the rest was rolled back, or could not be settled; null when all of it is committed and well. */
  readonly failure: Failure | null
}

/**
 * Goes on where a run was cut off between its groups: every vote of the fleet was in, and the first group was decided on.
 *
 * As the run would have done, it looks at each committed group before it decides on the next one; whatever is not well
 * there rolls back everybody who is not decided on. It runs no migration: a group that has steps left ends it, too.
 */
export async function continueFleet(
  context: ExecutionContext,
  held: readonly LeftVote[],
  ballots: readonly OpenBallot[],
): Promise<ContinuedFleet> {
  const pending: PendingVotes = new Map()
  const verified: string[] = []
  let failure: Failure | null = null
  try {
    for (const vote of await openVotes(context, held, ballots)) pending.set(vote.group.name, vote)
  } catch (error) {
    return { verified, failure: (await settleVotes(context, held, 'rolled_back')) ?? toFailure(error) }
  }
  try {
    for (const group of listMigratingGroups(context.plan)) {
      failure = await decideInTurn(context, group, pending)
      failure ??= await findUnended(context, group)
      failure ??= await verifyGroup(context, group, [...pending.values()])
      if (failure) break
      verified.push(group.name)
      if (pending.size === 0) break
    }
  } catch (error) {
    failure = toFailure(error)
  }
  await rollBackPending(context, pending, failure)
  return { verified, failure }
}

/** Readers have waited since the run voted; how long they may have to wait from here on is counted anew. */
async function openVotes(
  { ports, topology, clock }: ExecutionContext,
  held: readonly LeftVote[],
  ballots: readonly OpenBallot[],
): Promise<readonly GroupVote[]> {
  const heldSinceMs = clock.monotonicMs()
  const now = Date.parse(clock.now())
  const opened: (OpenVote & { readonly group: PlannedGroup })[] = []
  try {
    await mapConcurrently(held, 8, async ({ server, group, planned, gid }) => {
      const tenant = findTenant(topology, planned.tenant)
      const finisher = await ports.prepared.openFinisher(server, tenant, deadlineSignal(15_000))
      opened.push({ group, planned, gid, finisher })
    })
  } catch (error) {
    await Promise.all(opened.map(one => one.finisher.close()))
    throw error
  }
  return [...new Set(held.map(vote => vote.group))].map(group => ({
    group,
    ballots: held.filter(vote => vote.group === group).map(voteYes),
    open: opened.filter(one => one.group === group),
    failure: null,
    heldSinceMs,
    heldBeforeMs: Math.max(
      0,
      ...ballots
        .filter(({ gid }) => held.some(vote => vote.group === group && vote.gid === gid))
        .map(({ at }) => now - Date.parse(at)),
    ),
  }))
}

function voteYes({ planned, gid, xid }: LeftVote): Ballot {
  return { planned, gid, xid, vote: 'yes', fingerprint: null, failure: null }
}

async function decideInTurn(
  context: ExecutionContext,
  group: PlannedGroup,
  pending: PendingVotes,
): Promise<Failure | null> {
  const vote = pending.get(group.name)
  if (!vote) return null
  return withPhase(context, 'migration_execution', group.name, async () => {
    const objection = whyNotCommit(context, vote)
    if (objection) return { status: 'failed', message: 'not decided on', value: objection }
    await decideCommit(context, vote)
    // Nothing that goes wrong from here on may roll this group back.
    pending.delete(group.name)
    const { committed, failure } = await commitGroup(context, vote)
    await closeFinishers(vote)
    const message = `${committed.length} of ${vote.open.length} tenants committed`
    return { status: failure ? 'failed' : 'success', message, value: failure }
  })
}

/** A committed group of which somebody has steps left, or an independent one that had not been begun. */
async function findUnended(context: ExecutionContext, group: PlannedGroup): Promise<Failure | null> {
  const planned = listMigratingOf(group)
  const unended = await withPatience(context.config.execution.settleSeconds, patience =>
    mapConcurrently(planned, 8, async one => {
      const standing = await readStanding(context, one, patience)
      return standing === 'migrated' ? [] : [one.tenant]
    }),
  )
  const tenants = unended.flat()
  return tenants.length === 0 ? null : { kind: 'group_unended', group: group.name, tenants }
}
