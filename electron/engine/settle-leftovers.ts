import { type Failure, toFailure } from '../../shared/failure.ts'
import { gidFor, parseGid } from '../../shared/gid.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { PlannedGroup, PlannedTenant } from '../../shared/plan.ts'
import { findVoteFate, readHeadsUntil } from './look-up-vote.ts'
import type { RunRecord } from './read-record.ts'
import { type ExecutionContext, findTenant, primaryOf } from './run-context.ts'
import { sameHeads } from './same-heads.ts'
import { type Patience, withPatience } from './with-patience.ts'

type Direction = 'forward' | 'back' | 'unknown'

/** A vote that is prepared, and the server that holds it. */
interface Leftover {
  readonly server: string
  readonly cluster: string
  readonly database: string
  readonly gid: string
}

/** Commits or rolls back every vote that a dead run has left, as its record says; the first thing that could not be settled, or null. */
export async function settleLeftovers(context: ExecutionContext, record: RunRecord): Promise<Failure | null> {
  const running = await awaitBallots(context, record)
  const leftovers = await listLeftovers(context)
  const directions = new Map<string, Direction>()
  for (const group of record.plan.groups) {
    directions.set(group.name, await chooseDirection(context, record, group, leftovers))
  }
  let failure = running
  for (const leftover of leftovers) {
    const group = record.plan.groups.find(candidate => findMember(context.runId, candidate, leftover))
    const member = group && findMember(context.runId, group, leftover)
    if (!group || !member) {
      const reason = 'a vote of the run is prepared in a database that is not in its plan'
      failure ??= { kind: 'rollback_unproven', tenants: [leftover.database], reason }
      continue
    }
    const direction = directions.get(group.name)
    if (direction === 'unknown' || direction === undefined) {
      const reason =
        'a decision to commit is on record, and nobody answers whether it was acted on: votes are left as they are'
      failure ??= { kind: 'rollback_unproven', tenants: [member.tenant], reason }
      continue
    }
    failure = (await settleOne(context, leftover, member.tenant, direction === 'forward')) ?? failure
  }
  return failure
}

/** A runner that outlived its run may still prepare: whoever had begun to vote is waited for before anybody is counted. */
async function awaitBallots(context: ExecutionContext, record: RunRecord): Promise<Failure | null> {
  const { ports, topology, config } = context
  const seconds = config.execution.settleSeconds
  const deadline = AbortSignal.timeout(seconds * 1_000)
  const open = record.openBallots.filter(ballot => !record.ended.has(ballot.tenant))
  const stuck = await mapConcurrently(open, 4, async ({ tenant, gid, xid }) => {
    const server = primaryOf(topology, findTenant(topology, tenant))
    const fate = await findVoteFate(ports, { server, gid, xid }, deadline)
    return fate === 'running' ? [tenant] : []
  })
  const names = stuck.flat()
  if (names.length === 0) return null
  return { kind: 'deadline_passed', waitingFor: `the transaction of ${names.join(', ')} to end`, seconds }
}

async function listLeftovers({
  ports,
  topology,
  runId,
  signal,
}: ExecutionContext): Promise<readonly Leftover[]> {
  const found = await mapConcurrently(topology.clusters, 4, async ({ name, primary }) => {
    const listed = await ports.prepared.list(primary.server, signal)
    return listed
      .filter(({ gid }) => parseGid(gid)?.runId === runId)
      .map(({ gid, database }) => ({ server: primary.server, cluster: name, database, gid }))
  })
  return found.flat()
}

/**
 * Forward where the decision to commit is on record and was acted on.
 *
 * A decision whose write failed may be on disk all the same; its run then rolled back. So where nobody has committed
 * and a vote is gone, the rest goes back as well: all or none. Who cannot be asked decides nothing.
 */
async function chooseDirection(
  context: ExecutionContext,
  record: RunRecord,
  group: PlannedGroup,
  leftovers: readonly Leftover[],
): Promise<Direction> {
  if (record.decisions.get(group.name) !== 'commit') return 'back'
  const voters = group.tenants.filter(tenant => tenant.route !== null)
  const gone = voters.filter(
    voter => !leftovers.some(one => isOf(one, gidFor(context.runId, group.name, voter.tenant), voter)),
  )
  if (gone.length === 0 || gone.length === voters.length) return 'forward'
  const ends = await withPatience(context.config.execution.settleSeconds, patience =>
    mapConcurrently(gone, 4, voter => hasCommitted(context, record, voter, patience)),
  )
  if (ends.includes(true)) return 'forward'
  return ends.every(end => end === false) ? 'back' : 'unknown'
}

/** Whether a voter whose vote is gone has committed: its transaction's status tells, or its version table; null when neither does. */
async function hasCommitted(
  context: ExecutionContext,
  record: RunRecord,
  voter: PlannedTenant,
  patience: Patience,
): Promise<boolean | null> {
  const { ports, topology } = context
  const tenant = findTenant(topology, voter.tenant)
  const xid = record.openBallots.find(ballot => ballot.tenant === voter.tenant)?.xid ?? null
  const status =
    xid && (await ports.prepared.status(primaryOf(topology, tenant), xid, patience.signal).catch(() => null))
  if (status !== null) patience.renew()
  if (status === 'committed') return true
  if (status === 'aborted') return false
  const heads = await readHeadsUntil(ports, tenant, patience.signal)
  if (heads !== null) patience.renew()
  return heads === null ? null : !sameHeads(heads, voter.from)
}

async function settleOne(
  { ports, recorder, topology, signal }: ExecutionContext,
  { server, gid }: Leftover,
  tenant: string,
  forward: boolean,
): Promise<Failure | null> {
  try {
    const finisher = await ports.prepared.openFinisher(server, findTenant(topology, tenant), signal)
    try {
      await (forward ? finisher.commit(gid) : finisher.rollback(gid))
    } finally {
      await finisher.close()
    }
  } catch (error) {
    return toFailure(error)
  }
  const how = forward ? 'rolled_forward' : 'rolled_back'
  await recorder.record({ type: 'recovery.settled', tenant, how, volatile: { gid } })
  return null
}

function findMember(runId: string, group: PlannedGroup, leftover: Leftover): PlannedTenant | undefined {
  return group.tenants.find(member => isOf(leftover, gidFor(runId, group.name, member.tenant), member))
}

/** Tenants that are schemas share their database: the identifier says whose vote it is. */
function isOf(leftover: Leftover, gid: string, { cluster, database }: PlannedTenant): boolean {
  return leftover.cluster === cluster && leftover.database === database && leftover.gid === gid
}
