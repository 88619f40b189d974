import { LockstepError } from '../../shared/failure.ts'
import { foldRun } from '../../shared/fold-run.ts'
import { initialRunState, type RunState } from '../../shared/run-state.ts'
import type { GateName } from '../../shared/verdict.ts'
import { newRunId } from '../adapters/run-log/new-run-id.ts'
import { pruneRuns } from '../adapters/run-log/prune-runs.ts'
import { pruneSnapshots } from '../app/snapshots/prune-snapshots.ts'
import type { EnginePorts } from '../engine/engine-ports.ts'
import type { Interruption } from '../engine/interruption.ts'
import type { Approvals } from '../engine/ports/approvals.ts'
import type { RunReader } from '../engine/recorder.ts'
import { recoverRun } from '../engine/recover-run.ts'
import type { RunEnd } from '../engine/run-end.ts'
import { runMigration } from '../engine/run-migration.ts'
import type { Project } from './load-project.ts'
import { toolVersion } from './tool-version.ts'
import { noApprovals, withEngine } from './with-engine.ts'
import { writeReport } from './write-report.ts'

/** How many finished runs a project keeps. */
const keptRuns = 500

export interface RunProjectOptions {
  readonly target: readonly string[]
  readonly tenants: readonly string[]
  /** Null means every gate. */
  readonly gates: readonly GateName[] | null
  readonly approvals: Approvals
  readonly readers: readonly RunReader[]
  readonly interruption: Interruption
}

/** A run that came to its end, with everything its log says. */
export interface FinishedRun {
  readonly end: RunEnd
  readonly state: RunState
}

/** Runs a project's migration and leaves its log and report. */
export function runProject(project: Project, options: RunProjectOptions): Promise<FinishedRun> {
  return withEngine(project, options.approvals, async ports => {
    const log = await ports.store.create(newRunId())
    const folded = foldReader()
    const request = {
      config: project.config,
      toolVersion,
      target: options.target,
      tenants: options.tenants,
      gates: options.gates,
    }
    const end = await runMigration(
      request,
      ports,
      log,
      [folded.read, ...options.readers],
      options.interruption,
    )
    await log.close()
    return finishRun(project, ports, end, folded.state())
  })
}

/** Settles a run that did not come to its end, and writes its report anew. */
export function recoverProject(
  project: Project,
  runId: string,
  readers: readonly RunReader[],
  signal: AbortSignal,
): Promise<FinishedRun> {
  return withEngine(project, noApprovals, async ports => {
    const end = await recoverRun({ config: project.config, runId }, ports, readers, signal)
    const folded = foldReader()
    for (const event of await ports.store.read(runId)) folded.read(event)
    return finishRun(project, ports, end, folded.state())
  })
}

/** Leaves the report of a run, and removes what is kept beyond its number. */
export async function finishRun(
  project: Project,
  ports: EnginePorts,
  end: RunEnd,
  state: RunState,
): Promise<FinishedRun> {
  try {
    await writeReport(project.runsFolder, ports.store, state)
    await pruneRuns(project.runsFolder, keptRuns)
    if (state.tenants.length > 0 && project.config.snapshots.data !== 'never')
      await pruneSnapshots(project, ports, new AbortController().signal)
  } catch (error) {
    // The log is the truth: a report that cannot be written now can be made from it at any time.
    if (!(error instanceof LockstepError)) throw error
  }
  return { end, state }
}

/** Folds a run as it goes. */
export function foldReader(): { readonly read: RunReader; readonly state: () => RunState } {
  let state = initialRunState
  return {
    read: event => {
      state = foldRun(state, event)
    },
    state: () => state,
  }
}
