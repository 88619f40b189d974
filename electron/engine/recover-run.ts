import type { ProjectConfig } from '../../shared/config/project-config.ts'
import { LockstepError } from '../../shared/failure.ts'
import { parseGid } from '../../shared/gid.ts'
import { exitCodeOf } from '../../shared/outcome.ts'
import type { Topology } from '../../shared/topology.ts'
import { discoverTopology } from './discover-topology.ts'
import type { EnginePorts } from './engine-ports.ts'
import { noHooks } from './hooks/phase-hooks.ts'
import { topologyOnRecord } from './read-record.ts'
import { Recorder, type RunReader } from './recorder.ts'
import { settleRun } from './recovery/settle-run.ts'
import { openBeforeDiscovery } from './rollback/recover-rollback.ts'
import { neverPaused } from './run-control.ts'
import type { RunEnd } from './run-end.ts'
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
