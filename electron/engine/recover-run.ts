import type { ProjectConfig } from '../../shared/config/project-config.ts'
import { type Failure, LockstepError } from '../../shared/failure.ts'
import { parseGid } from '../../shared/gid.ts'
import { exitCodeOf, type Outcome } from '../../shared/outcome.ts'
import type { PlannedTenant } from '../../shared/plan.ts'
import type { RunEvent } from '../../shared/run-event.ts'
import type { Topology } from '../../shared/topology.ts'
import { checkReplicas } from './check-replicas.ts'
import { discoverTopology } from './discover-topology.ts'
import type { EnginePorts } from './engine-ports.ts'
import { noHooks } from './hooks/phase-hooks.ts'
import { proveRollback } from './prove-rollback.ts'
import { readRecord, topologyOnRecord } from './read-record.ts'
import { readStandings, type Standing } from './read-standings.ts'
import { Recorder, type RunReader } from './recorder.ts'
import { openBeforeDiscovery, proveUndoneOnRecord, reopenClosed } from './rollback/recover-rollback.ts'
import type { ExecutionContext, RunContext } from './run-context.ts'
import { neverPaused } from './run-control.ts'
import type { Ending, RunEnd } from './run-end.ts'
import { settleLeftovers } from './settle-leftovers.ts'
import { withPhase } from './with-phase.ts'
import { withRunLocks } from './with-run-locks.ts'

/** Which run is to be settled. */
export interface RecoverRequest {
  readonly config: ProjectConfig
  readonly runId: string
}

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
  await refuseAlive(request, ports)
  await openBeforeDiscovery(ports, runId)
  const topology = await discoverTopology(config, ports, async () => undefined, signal)
  const finished = await findEnd(request, ports, topology, signal)
  if (finished) return finished
  const log = await ports.store.reopen(runId)
  try {
    const recorder = new Recorder(log, readers)
    // Read only now that nobody else can write: a decision must not be missed.
    const events = await ports.store.read(runId)
    const shared = { runId, config, ports, clock: ports.clock, recorder, signal }
    const topologyThen = topologyOnRecord(topology, events)
    const context = { ...shared, topology: topologyThen, control: neverPaused, hooks: noHooks }
    const ending = await withRunLocks(
      context,
      5,
      findLostLock => settle(context, events, findLostLock),
      signal,
    )
    const exitCode = exitCodeOf(ending.outcome)
    await recorder.recordDurably({ type: 'run.finished', ...ending, exitCode, volatile: {} })
    return { runId, exitCode, ...ending }
  } finally {
    await log.close()
  }
}

async function refuseAlive({ config, runId }: RecoverRequest, { store }: EnginePorts): Promise<void> {
  const stored = (await store.list()).find(run => run.runId === runId)
  if (!stored?.alive) return
  throw new LockstepError({ kind: 'run_locked', cluster: config.project, holder: `lockstep ${runId}` })
}

/** The end of a run that needs no settling. */
async function findEnd(
  { runId }: RecoverRequest,
  { store, prepared }: EnginePorts,
  topology: Topology,
  signal: AbortSignal,
): Promise<RunEnd | null> {
  const end = (await store.read(runId)).at(-1)
  if (end?.type !== 'run.finished' || end.outcome === 'needs_human') return null
  for (const { primary } of topology.clusters) {
    const listed = await prepared.list(primary.server, signal)
    if (listed.some(({ gid }) => parseGid(gid)?.runId === runId)) return null
  }
  return { runId, outcome: end.outcome, exitCode: end.exitCode, failure: end.failure }
}

async function settle(
  context: RunContext,
  events: readonly RunEvent[],
  findLostLock: () => string | null,
): Promise<Ending> {
  await context.recorder.recordDurably({ type: 'recovery.started', volatile: {} })
  const record = readRecord(events)
  if (!record) return settleWithoutRecord(context)
  const { plan, snapshots } = record
  const execution: ExecutionContext = { ...context, plan, rehearsal: null, snapshots, findLostLock }
  const doubt = await withPhase(context, 'rollback', null, async () => {
    const failure = (await reopenClosed(execution, events)) ?? (await settleLeftovers(execution, record))
    return {
      status: failure ? 'failed' : 'success',
      message: failure ? 'not every vote is settled' : 'no vote is left open',
      value: failure,
    }
  })
  const standings = await readStandings(execution, record)
  const at = (standing: Standing): readonly PlannedTenant[] =>
    standings.filter(one => one.standing === standing).map(one => one.planned)
  const migrated = at('migrated')
  const between = at('between')
  const others = at('elsewhere')
  const unproven = others.length > 0 ? await proveRollback(execution, others) : null
  const behind = migrated.length > 0 ? await verifyMigrated(execution, migrated) : null
  const undone = await proveUndoneOnRecord(execution, events, migrated)
  const failure = doubt ?? unproven ?? nameUnended(between) ?? behind ?? undone
  return { outcome: chooseOutcome(migrated.length, others.length, failure), failure }
}

/** A log without a plan is that of a run that voted on nothing; votes all the same mean that the log was lost. */
async function settleWithoutRecord({ ports, topology, runId, signal }: RunContext): Promise<Ending> {
  const lists = await Promise.all(
    topology.clusters.map(({ primary }) => ports.prepared.list(primary.server, signal)),
  )
  const votes = lists.flat().filter(({ gid }) => parseGid(gid)?.runId === runId)
  if (votes.length === 0) return { outcome: 'rolled_back', failure: null }
  const reason = 'votes of this run are prepared, and its log does not say what was decided'
  return {
    outcome: 'needs_human',
    failure: { kind: 'rollback_unproven', tenants: votes.map(vote => vote.database), reason },
  }
}

function chooseOutcome(migrated: number, others: number, failure: Failure | null): Outcome {
  if (failure || (migrated > 0 && others > 0)) return 'needs_human'
  return migrated > 0 ? 'migrated' : 'rolled_back'
}

/** Tenants that committed a part of their way: undoing it is not the vote's business, and a second run goes on from there. */
function nameUnended(between: readonly PlannedTenant[]): Failure | null {
  if (between.length === 0) return null
  const reason = 'the first steps are committed and the later ones have not run: a new run goes on from there'
  return { kind: 'rollback_unproven', tenants: between.map(one => one.tenant), reason }
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
