import { toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'
import type { RunIntent } from '../../../shared/run/run-intent.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { Interruption } from '../context/interruption.ts'
import type { RunContext } from '../context/run-context.ts'
import { neverPaused } from '../context/run-control.ts'
import { type Ending, endBefore, type RunEnd } from '../context/run-end.ts'
import { withRunLocks } from '../context/with-run-locks.ts'
import { createPhaseHooks } from '../hooks/create-phase-hooks.ts'
import { withHookedPhase } from '../hooks/with-hooked-phase.ts'
import { refuseUnfinished } from '../open-runs/refuse-unfinished.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import { Recorder, type RunReader } from '../recording/recorder.ts'
import { discoverAndTell } from './discover-and-tell.ts'

/** What a run begins with, and puts on record first. */
export interface RunBeginning {
  readonly config: ProjectConfig
  readonly toolVersion: string
  readonly intent: RunIntent
}

/** What a run works with, writes to, is told to, and is ended by. */
export interface RunMeans {
  readonly ports: EnginePorts
  readonly log: RunLogWriter
  readonly readers: readonly RunReader[]
  readonly interruption: Interruption
}

/** A run whose tenants are discovered, and that holds the lock of every cluster. */
export interface LockedRun {
  readonly context: RunContext
  /** The migrations of the project, which are still being read. */
  readonly reading: Promise<MigrationGraph>
  /** The primary whose lock is lost, or null. */
  readonly findLostLock: () => string | null
}

/** Lends a run from its first event to its last; always ends, and always says how. */
export async function withRun(
  { config, toolVersion, intent }: RunBeginning,
  { ports, log, readers, interruption }: RunMeans,
  tellStory: (run: LockedRun) => Promise<Ending>,
): Promise<RunEnd> {
  const hooks = createPhaseHooks(config, intent.tenants)
  const recorder = new Recorder(log, [...readers, hooks.hear])
  const { signal } = interruption
  const startedAt = ports.clock.monotonicMs()
  let ending: Ending
  try {
    const { project } = config
    await recorder.recordDurably({ type: 'run.started', project, toolVersion, intent, volatile: {} })
    const shared = { runId: recorder.runId, config, ports, clock: ports.clock, recorder, hooks, signal }
    ending = await withLockedRun({ ...shared, control: interruption.control ?? neverPaused }, tellStory)
  } catch (error) {
    ending = endBefore(toFailure(error), interruption)
  }
  const exitCode = exitCodeOf(ending.outcome)
  const durationMs = Math.round(ports.clock.monotonicMs() - startedAt)
  try {
    await recorder.recordDurably({ type: 'run.finished', ...ending, exitCode, volatile: { durationMs } })
  } catch (error) {
    // The end could not be written: what happened is told all the same, and `recover` can close the log.
    return {
      runId: log.runId,
      exitCode,
      outcome: ending.outcome,
      failure: ending.failure ?? toFailure(error),
    }
  }
  return { runId: log.runId, exitCode, ...ending }
}

/** Discovers the tenants, takes the locks, and makes sure that no earlier run is still open. */
async function withLockedRun(
  begun: Omit<RunContext, 'topology'>,
  tellStory: (run: LockedRun) => Promise<Ending>,
): Promise<Ending> {
  const { config, ports, recorder, signal } = begun
  // Starting an interpreter takes longer than asking the servers: what it says is told while planning.
  const reading = ports.source.describe(signal)
  reading.catch(() => undefined)
  const topology = await withHookedPhase(begun, 'topology_discovery', () =>
    discoverAndTell(config, ports, recorder, signal),
  )
  const context: RunContext = { ...begun, topology }
  return withRunLocks(
    context,
    config.execution.lockWaitSeconds,
    async findLostLock => {
      await refuseUnfinished(context)
      return tellStory({ context, reading, findLostLock })
    },
    signal,
  )
}
