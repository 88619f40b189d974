import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { noHooks } from '../context/phase-hooks.ts'
import { neverPaused } from '../context/run-control.ts'
import type { RunEnd } from '../context/run-end.ts'
import { withRunLocks } from '../context/with-run-locks.ts'
import { findOpenRuns } from '../open-runs/find-open-runs.ts'
import { listOpenVotes } from '../open-runs/list-open-votes.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { IntactLog } from '../ports/run-log.ts'
import { Recorder, type RunReader } from '../recording/recorder.ts'
import { discoverClusters, discoverTopology } from '../topology/discover-topology.ts'
import { readLogOf, refuseDamaged } from './read-log-of.ts'
import { readDiscovered } from './read-record.ts'
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
  const intact = await readLogOf(request, ports, signal)
  const topology = await discoverOnRecord(request, ports, intact, signal)
  const primaries = topology.clusters.map(cluster => cluster.primary.server)
  const left = await listOpenVotes(ports.prepared, primaries, signal)
  const votes = left.filter(vote => vote.runId === runId)
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
  // Where no log can be read at all, reading this one says so.
  const runs = await store.list().catch((error: unknown) => {
    if (toFailure(error).kind !== 'log_unreadable') throw error
    return []
  })
  const stored = runs.find(run => run.runId === runId)
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
