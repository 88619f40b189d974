import { toFailure } from '../../../shared/failure/failure.ts'
import type { PlannedGroup, PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute, listMigratingOf } from '../../../shared/plan/plan-selectors.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type ExecutionContext, findTenant, primaryOf } from '../context/run-context.ts'
import { type IdleDeadline, withIdleDeadline } from '../context/with-idle-deadline.ts'
import { sameHeads } from '../routes/same-heads.ts'
import { routeHead } from '../routes/split-route.ts'
import { readHeadsUntil } from '../voting/look-up-vote.ts'
import type { GroupEvidence } from './choose-directions.ts'
import { judgeVoter, type VoterEvidence, type VoterState } from './judge-voter.ts'
import type { LeftVote } from './list-leftovers.ts'
import type { RunRecord } from './read-record.ts'

/** Finds out of every tenant that had to vote what became of it, before anything is done to any vote. */
export async function askVoters(
  context: ExecutionContext,
  record: RunRecord,
  votes: readonly LeftVote[],
  warmed: Promise<unknown>,
): Promise<readonly GroupEvidence[]> {
  if (votes.length === 0) return []
  const groups = record.plan.groups.filter(group => group.mode === 'atomic')
  const members = groups.flatMap(group => listMigratingOf(group).map(planned => ({ group, planned })))
  if (votes.length < members.length) await warmed
  const states = await withIdleDeadline(context.config.execution.settleSeconds, idleDeadline =>
    mapConcurrently(members, 8, async ({ group, planned }) => {
      const isPrepared = votes.some(vote => vote.planned === planned)
      const state = isPrepared ? 'prepared' : await askVoter(context, record, planned, idleDeadline)
      return { group, state }
    }),
  )
  return groups
    .filter(group => states.some(one => one.group === group))
    .map(group => ({
      group: group.name,
      decision: record.decisions.get(group.name) ?? null,
      voters: statesOf(states, group),
    }))
}

function statesOf(
  states: readonly { readonly group: PlannedGroup; readonly state: VoterState }[],
  group: PlannedGroup,
): readonly VoterState[] {
  return states.filter(one => one.group === group).map(one => one.state)
}

async function askVoter(
  context: ExecutionContext,
  record: RunRecord,
  voter: PlannedTenant,
  idleDeadline: IdleDeadline,
): Promise<VoterState> {
  const { ports, topology } = context
  const tenant = findTenant(topology, voter.tenant)
  // Asked for until the server answers; whether the transaction has ended is then asked of a server that is there.
  const heads = await readHeadsUntil(ports, tenant, idleDeadline.signal)
  if (heads !== null) idleDeadline.renew()
  const status = await readStatus(context, record, tenant)
  const isAbsent = heads === null && status === null && (await isGone(context, tenant))
  return judgeVoter({ isPrepared: false, isAbsent, status, heads: placeHeads(context, voter, heads) })
}

/** Null where no transaction is on record, the server has forgotten it, or does not answer. */
async function readStatus(
  { ports, topology, signal }: ExecutionContext,
  record: RunRecord,
  tenant: Tenant,
): Promise<VoterEvidence['status']> {
  const xid = record.openBallots.find(ballot => ballot.tenant === tenant.name)?.xid ?? null
  if (xid === null) return null
  try {
    const status = await ports.prepared.status(primaryOf(topology, tenant), xid, signal)
    return status === 'unknown' ? null : status
  } catch (error) {
    const failure = toFailure(error)
    // A server that crashed forgets transactions that never reached its disk: their ids lie "in the future".
    return failure.kind === 'database_error' && failure.sqlstate === '22023' ? 'aborted' : null
  }
}

async function isGone({ ports, topology, signal }: ExecutionContext, tenant: Tenant): Promise<boolean> {
  const names = await ports.servers.listDatabases(primaryOf(topology, tenant), signal).catch(() => null)
  return names !== null && !names.includes(tenant.database)
}

/** Where a version table is on the way of its vote; null off that way, and where a vote would not move it. */
function placeHeads(
  { plan }: ExecutionContext,
  voter: PlannedTenant,
  heads: readonly string[] | null,
): VoterEvidence['heads'] {
  const route = findRoute(plan, voter)
  if (heads === null || !route) return null
  const voted = routeHead(route)
  if (voted.length === 0) return null
  if (sameHeads(heads, voter.from)) return 'before'
  const reached = route.steps.slice(voted.length - 1)
  return reached.some(step => sameHeads(step.headsAfter, heads)) ? 'after' : null
}
