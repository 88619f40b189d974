import { LockstepError } from '../../../shared/failure/failure.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { parseGid } from '../../naming/gid.ts'
import { noHooks } from '../context/phase-hooks.ts'
import { neverPaused } from '../context/run-control.ts'
import type { RunEnd } from '../context/run-end.ts'
import { withRunLocks } from '../context/with-run-locks.ts'
import { findOpenRuns } from '../open-runs/find-open-runs.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { IntactLog } from '../ports/run-log.ts'
import type { PreparedTransaction } from '../ports/servers.ts'
import { Recorder, type RunReader } from '../recording/recorder.ts'
import { discoverClusters, discoverTopology } from '../topology/discover-topology.ts'
import { readDiscovered, readRecord } from './read-record.ts'
import { settleRun } from './settle-run.ts'

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
  const intact = await ports.store.readIntact(runId)
  const topology = await discoverOnRecord(request, ports, intact, signal)
  const votes = await listVotes(request, ports, topology, signal)
  refuseDamaged(runId, intact, votes)
  const finished = votes.length > 0 ? null : await findEnd(request, ports, intact)
  if (finished) return finished
  const log = await ports.store.reopen(runId, { setAside: true })
  try {
    const recorder = new Recorder(log, readers)
    // Read only now that nobody else can write: a decision must not be missed.
    const events = await ports.store.read(runId)
    const shared = { runId, config, ports, clock: ports.clock, recorder, signal }
    const context = { ...shared, topology, control: neverPaused, hooks: noHooks }
    const ending = await withRunLocks(
      context,
      5,
      findLostLock => settleRun(context, events, findLostLock),
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

/**
 * The servers as they are now, with the tenants as the run saw them: the configuration may have changed since, and what the
 * run itself has closed is found by nobody.
 */
async function discoverOnRecord(
  { config }: RecoverRequest,
  ports: EnginePorts,
  { events, damage }: IntactLog,
  signal: AbortSignal,
): Promise<Topology> {
  const tenants = readDiscovered(events)
  // What the lost part of a log did is only known from the tenants that there are now.
  if (tenants === null && damage !== null)
    return discoverTopology(config, ports, async () => undefined, signal)
  return { clusters: await discoverClusters(config, ports, signal), tenants: tenants ?? [] }
}

async function listVotes(
  { runId }: RecoverRequest,
  { prepared }: EnginePorts,
  topology: Topology,
  signal: AbortSignal,
): Promise<readonly PreparedTransaction[]> {
  const lists = await Promise.all(
    topology.clusters.map(({ primary }) => prepared.list(primary.server, signal)),
  )
  return lists.flat().filter(({ gid }) => parseGid(gid)?.runId === runId)
}

/** What was decided may stand in the part that nobody can read: while votes depend on it, a person decides. */
function refuseDamaged(
  runId: string,
  { events, damage }: IntactLog,
  votes: readonly PreparedTransaction[],
): void {
  if (damage === null || votes.length === 0) return
  throw new LockstepError({
    kind: 'record_damaged',
    runId,
    damage,
    known: describeKnown(events),
    votes: votes.map(({ database, gid }) => ({ database, gid })),
  })
}

function describeKnown(events: readonly RunEvent[]): string {
  const record = readRecord(events)
  if (record === null) return 'Before that there is no plan.'
  const decisions = [...record.decisions].map(([group, decision]) => `${group}: ${decision}`)
  const decided = decisions.length === 0 ? 'no decision' : `these decisions: ${decisions.join(', ')}`
  const tenants = listMigrating(record.plan)
  return `Before that there is a plan for ${countOf(tenants.length, 'tenant')}, and ${decided}.`
}

/** The end of a run that needs no settling, as it has one, or as later runs have put right what it left. */
async function findEnd(
  { config, runId }: RecoverRequest,
  { store }: EnginePorts,
  { events, damage }: IntactLog,
): Promise<RunEnd | null> {
  const end = events.at(-1)
  if (end?.type !== 'run.finished' || damage !== null) return null
  if (end.outcome !== 'needs_human')
    return { runId, outcome: end.outcome, exitCode: end.exitCode, failure: end.failure }
  const open = await findOpenRuns(config.project, await store.list(), async id =>
    foldAll(await store.read(id)),
  )
  if (open.some(run => run.runId === runId)) return null
  return { runId, outcome: 'nothing_to_do', exitCode: exitCodeOf('nothing_to_do'), failure: null }
}
