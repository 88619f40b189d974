import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'
import type { RunIntent } from '../../../shared/run/run-intent.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { Interruption } from '../context/interruption.ts'
import type { RunContext, RunPorts } from '../context/run-context.ts'
import { neverPaused } from '../context/run-control.ts'
import { type Ending, endBefore, type RunEnd } from '../context/run-end.ts'
import { createPhaseHooks } from '../hooks/create-phase-hooks.ts'
import type { PhasesEnd } from '../phases/phase.ts'
import { endingOf } from '../phases/run-phases.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import { type EventReader, Recorder } from '../recording/recorder.ts'

/** What a run begins with, and puts on record first. */
export interface RunBeginning {
  readonly config: ProjectConfig
  readonly toolVersion: string
  readonly intent: RunIntent
}

/** What a run works with, writes to, is told to, and is ended by. */
export interface RunMeans<Ports extends RunPorts> {
  readonly ports: Ports
  readonly log: RunLogWriter
  readonly readers: readonly EventReader[]
  readonly interruption: Interruption
}

/** A run that is on record, and knows no tenant yet. */
export interface BegunRun<Ports extends RunPorts = RunPorts> extends Omit<RunContext, 'topology' | 'ports'> {
  readonly ports: Ports
  readonly interruption: Interruption
  /** The migrations of the project, which are still being read. */
  readonly reading: Promise<MigrationGraph>
}

/** Lends a run from its first event to its last, for a list of phases; always ends, and always says how. */
export async function withRun<Ports extends RunPorts>(
  { config, toolVersion, intent }: RunBeginning,
  { ports, log, readers, interruption }: RunMeans<Ports>,
  passPhases: (run: BegunRun<Ports>) => Promise<PhasesEnd<never>>,
): Promise<RunEnd> {
  const hooks = createPhaseHooks(config, intent.tenants)
  const recorder = new Recorder(log, [...readers, hooks.onEvent])
  const { signal, control = neverPaused } = interruption
  const startedAt = ports.clock.monotonicMs()
  const endFailing = (failure: Failure): Ending => endBefore(failure, interruption)
  let ending: Ending
  try {
    const { project } = config
    await recorder.recordDurably({ type: 'run.started', project, toolVersion, intent, volatile: {} })
    // Starting an interpreter takes longer than asking the servers: what it says is told while planning.
    const reading = ports.source.describe(signal)
    reading.catch(() => undefined)
    const shared = { runId: recorder.runId, config, ports, clock: ports.clock, recorder, hooks, signal }
    ending = endingOf(await passPhases({ ...shared, control, interruption, reading }), endFailing)
  } catch (error) {
    ending = endFailing(toFailure(error))
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
