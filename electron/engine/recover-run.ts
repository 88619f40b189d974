import type { ProjectConfig } from '../../shared/config/project-config.ts'
import { type Failure, LockstepError, toFailure } from '../../shared/failure.ts'
import { parseGid } from '../../shared/gid.ts'
import { exitCodeOf, type Outcome } from '../../shared/outcome.ts'
import type { Plan, PlannedTenant } from '../../shared/plan.ts'
import type { RunEvent } from '../../shared/run-event.ts'
import { checkReplicas } from './check-replicas.ts'
import { discoverTopology } from './discover-topology.ts'
import type { EnginePorts } from './engine-ports.ts'
import type { PreparedTransaction } from './ports/servers.ts'
import { proveRollback } from './prove-rollback.ts'
import { Recorder, type RunReader } from './recorder.ts'
import { type ExecutionContext, findTenant, type RunContext, type Snapshot } from './run-context.ts'
import type { RunEnd } from './run-migration.ts'
import { withPhase } from './with-phase.ts'
import { withRunLocks } from './with-run-locks.ts'

/** Which run is to be settled. */
export interface RecoverRequest {
  readonly config: ProjectConfig
  readonly runId: string
}

type Ending = Pick<RunEnd, 'outcome' | 'failure'>

/**
 * Settles a run that did not come to its end: forward where a decision to commit is on record, back everywhere else.
 *
 * A pure function of the log and the database, so it may itself be interrupted and started again.
 */
export async function recoverRun(
  request: RecoverRequest,
  ports: EnginePorts,
  readers: readonly RunReader[],
  signal: AbortSignal,
): Promise<RunEnd> {
  const { config, runId } = request
  const events = await ports.store.read(runId)
  const stored = (await ports.store.list()).find(run => run.runId === runId)
  if (stored?.alive)
    throw new LockstepError({ kind: 'run_locked', cluster: config.project, holder: `lockstep ${runId}` })
  const topology = await discoverTopology(config, ports, async () => undefined, signal)
  const left = await listPrepared(
    ports,
    topology.clusters.map(cluster => cluster.primary.server),
    runId,
    signal,
  )
  const finished = events.findLast(event => event.type === 'run.finished')
  if (finished?.type === 'run.finished' && left.size === 0 && finished.outcome !== 'needs_human') {
    return { runId, outcome: finished.outcome, exitCode: finished.exitCode, failure: finished.failure }
  }
  const log = await ports.store.reopen(runId)
  try {
    const recorder = new Recorder(log, readers)
    const shared = { runId, config, ports, clock: ports.clock, recorder, signal, topology }
    const ending = await withRunLocks(shared, 5, holdsLocks => settle(shared, events, holdsLocks), signal)
    const exitCode = exitCodeOf(ending.outcome)
    await recorder.recordDurably({ type: 'run.finished', ...ending, exitCode, volatile: {} })
    return { runId, exitCode, ...ending }
  } finally {
    await log.close()
  }
}

/** Prepared transactions of a run, with the server that holds each. */
async function listPrepared(
  ports: Pick<EnginePorts, 'prepared'>,
  primaries: readonly string[],
  runId: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, PreparedTransaction>> {
  const lists = await Promise.all(primaries.map(server => ports.prepared.list(server, signal)))
  return new Map(
    lists
      .flat()
      .filter(one => parseGid(one.gid)?.runId === runId)
      .map(one => [one.gid, one]),
  )
}

async function settle(
  context: RunContext,
  events: readonly RunEvent[],
  holdsLocks: () => boolean,
): Promise<Ending> {
  await context.recorder.recordDurably({ type: 'recovery.started', volatile: {} })
  const planned = events.findLast(event => event.type === 'plan.made')
  if (planned?.type !== 'plan.made') return { outcome: 'rolled_back', failure: null }
  const { plan } = planned
  const execution: ExecutionContext = { ...context, plan, snapshots: readSnapshots(events), holdsLocks }
  const doubt = await withPhase(context, 'rollback', null, async () => {
    const failure = await settlePrepared(execution, decisionsOf(events))
    return {
      status: failure ? 'failed' : 'success',
      message: failure ? 'not every vote is settled' : 'no vote is left open',
      value: failure,
    }
  })
  if (doubt) return { outcome: 'needs_human', failure: doubt }
  const tenants = plan.groups.flatMap(group => group.tenants.filter(tenant => tenant.route !== null))
  const standings = await Promise.all(tenants.map(tenant => readStanding(execution, tenant)))
  const migrated = tenants.filter((_, index) => standings[index] === 'migrated')
  const others = tenants.filter((_, index) => standings[index] !== 'migrated')
  const unproven = others.length > 0 ? await proveRollback(execution, others) : null
  const behind = migrated.length > 0 ? await verifyMigrated(execution, migrated) : null
  const failure = unproven ?? behind
  return { outcome: chooseOutcome(migrated.length, others.length, failure), failure }
}

function chooseOutcome(migrated: number, others: number, failure: Failure | null): Outcome {
  if (failure || (migrated > 0 && others > 0)) return 'needs_human'
  return migrated > 0 ? 'migrated' : 'rolled_back'
}

/** The last decision of each group: a later one, written when a commit decision could not be made durable, counts. */
function decisionsOf(events: readonly RunEvent[]): ReadonlyMap<string, 'commit' | 'rollback'> {
  return new Map(
    events.flatMap(event => (event.type === 'group.decided' ? [[event.group, event.decision] as const] : [])),
  )
}

function readSnapshots(events: readonly RunEvent[]): ReadonlyMap<string, Snapshot> {
  return new Map(
    events.flatMap(event =>
      event.type === 'snapshot.taken'
        ? [[event.tenant, { heads: event.heads, fingerprint: event.fingerprint, items: [] }] as const]
        : [],
    ),
  )
}

/** Commits or rolls back every prepared transaction of the run, as the record says. */
async function settlePrepared(
  context: ExecutionContext,
  decisions: ReadonlyMap<string, 'commit' | 'rollback'>,
): Promise<Failure | null> {
  const { ports, recorder, topology, runId, signal } = context
  for (const cluster of topology.clusters) {
    const server = cluster.primary.server
    const prepared = await listPrepared(ports, [server], runId, signal)
    for (const { gid, database } of prepared.values()) {
      const tenant = topology.tenants.find(one => one.cluster === cluster.name && one.database === database)
      if (!tenant)
        return {
          kind: 'rollback_unproven',
          tenants: [database],
          reason: 'a vote is prepared in a database that is no tenant any more',
        }
      const forward = decisions.get(groupOf(context.plan, tenant.name)) === 'commit'
      try {
        const finisher = await ports.prepared.openFinisher(server, tenant, signal)
        try {
          await (forward ? finisher.commit(gid) : finisher.rollback(gid))
        } finally {
          await finisher.close()
        }
      } catch (error) {
        return toFailure(error)
      }
      const how = forward ? 'rolled_forward' : 'rolled_back'
      await recorder.record({ type: 'recovery.settled', tenant: tenant.name, how, volatile: { gid } })
    }
  }
  return null
}

function groupOf(plan: Plan, tenant: string): string {
  return plan.groups.find(group => group.tenants.some(one => one.tenant === tenant))?.name ?? ''
}

async function readStanding(
  context: ExecutionContext,
  planned: PlannedTenant,
): Promise<'migrated' | 'elsewhere'> {
  const route = context.plan.routes.find(candidate => candidate.id === planned.route)
  const heads = await context.ports.source.readHeads(
    findTenant(context.topology, planned.tenant),
    context.signal,
  )
  return route && [...heads].sort().join() === [...route.to].sort().join() ? 'migrated' : 'elsewhere'
}

async function verifyMigrated(
  context: ExecutionContext,
  migrated: readonly PlannedTenant[],
): Promise<Failure | null> {
  const names = new Set(migrated.map(tenant => tenant.tenant))
  for (const group of context.plan.groups) {
    const tenants = group.tenants.filter(tenant => names.has(tenant.tenant))
    if (tenants.length === 0) continue
    const failures = await withPhase(context, 'replica_sync_validation', group.name, async () => {
      const found = await checkReplicas(context, { ...group, tenants }, context.signal)
      const message =
        found.length === 0 ? 'every standby has the group and its schema' : `${found.length} findings`
      return { status: found.length === 0 ? 'success' : 'failed', message, value: found }
    })
    if (failures[0]) return failures[0]
  }
  return null
}
