import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationRoute, PlannedGroup, PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute } from '../../../shared/plan/plan-selectors.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { gidFor } from '../../naming/gid.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../context/run-context.ts'
import type { StopSwitch } from '../context/stop-switch.ts'
import type { PreparedTransactionSession } from '../ports/servers.ts'
import { routeHead } from '../routes/split-route.ts'
import type { ExpectedFingerprints } from './inspect-vote.ts'
import { type Ballot, migrateTenant } from './migrate-tenant.ts'
import type { VoteDeadline } from './vote-deadline.ts'

/** What a group's tenants answered. Every gid that may exist in the database is in `open`, whatever its ballot says. */
export interface GroupVote {
  readonly group: PlannedGroup
  readonly ballots: readonly Ballot[]
  readonly open: readonly OpenVote[]
  readonly failure: Failure | null
  /** Monotonic time at which the first tenant was asked to prepare: its answer may be long in coming, and readers wait from here on. */
  readonly heldSinceMs: number | null
  /** How long readers had waited before that, where another process had collected the votes. */
  readonly heldBeforeMs?: number
}

/** A transaction that was, or may have been, prepared, and the connection that will finish it. */
export interface OpenVote {
  readonly planned: PlannedTenant
  readonly gid: string
  readonly preparedSession: PreparedTransactionSession
}

/** Lets all tenants of a group vote; the first no stops the others, and the caller decides. */
export async function collectVotes(
  context: ExecutionContext,
  group: PlannedGroup,
  fingerprints: ExpectedFingerprints,
  stop: StopSwitch,
  deadline: VoteDeadline,
): Promise<GroupVote> {
  const { recorder, clock, runId } = context
  const voters = group.tenants.flatMap(planned => {
    const route = findRoute(context.plan, planned)
    return route ? [{ planned, route }] : []
  })
  await recorder.record({
    type: 'group.started',
    group: group.name,
    mode: group.mode,
    tenants: voters.map(voter => voter.planned.tenant),
    volatile: {},
  })
  const open: OpenVote[] = []
  let heldSinceMs: number | null = null
  const ballots = await mapConcurrently(
    voters,
    group.parallel,
    async ({ planned, route }): Promise<Ballot> => {
      if (stop.signal.aborted) return notAsked(planned)
      try {
        const gid = gidFor(runId, group.name, planned.tenant)
        open.push({ planned, gid, preparedSession: await openFinisher(context, planned) })
        const onVoting = (): void => {
          heldSinceMs ??= clock.monotonicMs()
          deadline.begin()
        }
        const job = { ...jobOf(group, planned, route), gid, fingerprints, onVoting }
        const ballot = await migrateTenant(context, job, stop)
        if (ballot.vote !== 'yes') stop.pull()
        return ballot
      } catch (error) {
        stop.pull()
        return { ...notAsked(planned), vote: 'no', failure: toFailure(error) }
      }
    },
  )
  return { group, ballots, open, failure: worstFailure(ballots), heldSinceMs }
}

function jobOf(group: PlannedGroup, planned: PlannedTenant, route: MigrationRoute) {
  const steps = routeHead(route)
  const to = steps.at(-1)?.headsAfter ?? planned.from
  return { group, planned, route, from: planned.from, steps, to, transactional: true }
}

function openFinisher(
  context: ExecutionContext,
  planned: PlannedTenant,
): Promise<PreparedTransactionSession> {
  const tenant = findTenant(context.topology, planned.tenant)
  return context.ports.prepared.openSession(
    primaryOf(context.topology, tenant),
    tenant,
    deadlineSignal(15_000),
  )
}

function notAsked(planned: PlannedTenant): Ballot {
  return { planned, gid: null, xid: null, vote: 'no', fingerprint: null, failure: null }
}

/** The failure that explains the vote: a real one before those that merely followed from the stop. */
function worstFailure(ballots: readonly Ballot[]): Failure | null {
  const failures = ballots.flatMap(ballot => (ballot.failure ? [ballot.failure] : []))
  return failures.find(failure => failure.kind !== 'cancelled') ?? failures[0] ?? null
}
