import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup } from '../../../shared/plan/plan.ts'
import { listMigratingGroups, listMigratingOf } from '../../../shared/plan/plan-selectors.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { type ExecutionContext, findTenant } from '../context/run-context.ts'
import { withIdleDeadline } from '../context/with-idle-deadline.ts'
import { rollBackPending } from '../execution/roll-back-pending.ts'
import { noHooksAround } from '../hooks/around-phases.ts'
import { createPhaseHooks } from '../hooks/create-phase-hooks.ts'
import type { NothingMore, Phase, Step } from '../phases/phase.ts'
import { runPhase } from '../phases/run-phase.ts'
import { listPhases, runPhases } from '../phases/run-phases.ts'
import { noSmokeTests } from '../rollback/execute-rollback.ts'
import { followReplicas, inTime, testGroup } from '../verification/verify-group.ts'
import type { GroupVote, OpenVote } from '../voting/collect-votes.ts'
import type { Ballot } from '../voting/migrate-tenant.ts'
import {
  closePreparedSessions,
  type GroupTurn,
  type PendingVotes,
  whyNotCommit,
} from '../voting/pending-votes.ts'
import { commitGroup, decideCommit } from '../voting/settle-group.ts'
import type { LeftVote } from './list-leftovers.ts'
import { readPosition } from './read-positions.ts'
import type { OpenBallot } from './read-record.ts'
import { settleVotes } from './settle-leftovers.ts'
import type { RecoveredRun, Settlement } from './settle-run.ts'

/** How the groups whose turn had not come were settled; null where there were none. */
export interface Continuation {
  readonly continued: {
    /** Groups that were found well here. */
    readonly verified: readonly string[]
    /** Why the rest was rolled back, or could not be settled; null when all of it is committed and well. */
    readonly failure: Failure | null
  } | null
}

/** Decides on a group whose votes are held, and commits it. */
const decideInTurn: Phase<GroupTurn, NothingMore> = {
  name: 'migration_execution',
  hooks: noHooksAround,
  skip: ({ group, pending }) => (pending.has(group.name) ? null : {}),
  async work(turn) {
    const { group, pending } = turn
    const vote = pending.get(group.name)
    if (!vote) return { status: 'success', message: 'decided on already', found: {} }
    const objection = whyNotCommit(turn, vote)
    if (objection) return { status: 'failed', message: 'not decided on', failure: objection }
    await decideCommit(turn, vote)
    // Nothing that goes wrong from here on may roll this group back.
    pending.delete(group.name)
    const { committed, failure } = await commitGroup(turn, vote)
    await closePreparedSessions(vote)
    const message = `${committed.length} of ${vote.open.length} tenants committed`
    return failure ? { status: 'failed', message, failure } : { status: 'success', message, found: {} }
  },
}

/** A committed group of which a tenant has steps left, or an independent one that had not been begun, ends it. */
const refuseUnended: Step<GroupTurn, NothingMore> = {
  async work(turn) {
    const planned = listMigratingOf(turn.group)
    const unended = await withIdleDeadline(turn.config.execution.settleSeconds, idleDeadline =>
      mapConcurrently(planned, 8, async one => {
        const { position } = await readPosition(turn, one, idleDeadline)
        return position === 'target' ? [] : [one.tenant]
      }),
    )
    const tenants = unended.flat()
    if (tenants.length === 0) return { kind: 'found', found: {} }
    return { kind: 'failed', failure: { kind: 'group_unended', group: turn.group.name, tenants } }
  },
}

/** What the run would have asked once the group was through: also of one that was committed before it was cut off. */
const askAfterMigration: Step<GroupTurn, NothingMore> = {
  async work(turn) {
    const place = { moment: 'after', phase: 'migration_execution', group: turn.group.name } as const
    const failure = await inTime.after(turn, place)
    return failure ? { kind: 'failed', failure } : { kind: 'found', found: {} }
  },
}

/** What each group passes in its turn: no migration runs, so one that has steps left ends it. */
const turnOfGroup = listPhases<GroupTurn>()
  .phase(decideInTurn)
  .step(refuseUnended)
  .step(askAfterMigration)
  .phase(followReplicas)
  .phase(testGroup)

/**
 * Goes on where a run was cut off between its groups: every vote of the fleet was in, and the first group was decided on.
 *
 * As the run would have done, it looks at each committed group before it decides on the next one; whatever is not well
 * there rolls back every tenant that is not decided on.
 */
export const continueHeld: Step<RecoveredRun & Settlement, Continuation> = {
  skip: ({ held }) => (held.length === 0 ? { continued: null } : null),
  async work(run) {
    const continued = await continueFleet(askTeam(run), run.held, run.record.openBallots)
    return { kind: 'found', found: { continued } }
  },
}

/** Where a run goes on, its team's own gates are asked as they would have been; they are told what the log knows. */
function askTeam(run: RecoveredRun): ExecutionContext {
  const started = run.events.find(event => event.type === 'run.started')
  const asked = started?.type === 'run.started' ? started.intent.tenants : []
  const hooks = createPhaseHooks(run.config, asked)
  for (const event of run.events) hooks.onEvent(event)
  const config = run.record.isRollback ? { ...run.config, smokeTests: noSmokeTests } : run.config
  return { ...run, config, hooks }
}

async function continueFleet(
  context: ExecutionContext,
  held: readonly LeftVote[],
  ballots: readonly OpenBallot[],
): Promise<NonNullable<Continuation['continued']>> {
  const pending: PendingVotes = new Map()
  const verified: string[] = []
  try {
    for (const vote of await openVotes(context, held, ballots)) pending.set(vote.group.name, vote)
  } catch (error) {
    return { verified, failure: (await settleVotes(context, held, 'rolled_back')) ?? toFailure(error) }
  }
  let failure: Failure | null = null
  for (const group of listMigratingGroups(context.plan)) {
    const end = await runPhases(turnOfGroup, { ...context, group, pending })
    if (end.kind === 'failed') failure = end.failure
    if (end.kind !== 'done') break
    verified.push(group.name)
    if (pending.size === 0) break
  }
  await runPhase(rollBackPending, { ...context, pending, failure })
  return { verified, failure }
}

/** Readers have waited since the run voted; how long they may have to wait from here on is counted again. */
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
      const preparedSession = await ports.prepared.openSession(server, tenant, deadlineSignal(15_000))
      opened.push({ group, planned, gid, preparedSession })
    })
  } catch (error) {
    await Promise.all(opened.map(one => one.preparedSession.close()))
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
