import { LockstepError } from '../../../shared/failure/failure.ts'
import { foldRun } from '../../../shared/run/fold-run.ts'
import { initialRunState, type RunState } from '../../../shared/run/run-state.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { RunEnd } from '../../engine/context/run-end.ts'
import type { RunStore } from '../../engine/ports/run-log.ts'
import type { Snapshots } from '../../engine/ports/snapshots.ts'
import type { EventReader } from '../../engine/recording/recorder.ts'
import type { RunArchive } from '../ports/run-archive.ts'
import { writeReport } from '../report/make-report.ts'
import { pruneSnapshots } from '../snapshots/prune-snapshots.ts'

/** How many finished runs a project keeps. */
const keptRuns = 500

/** A run that came to its end, with everything its log says. */
export interface FinishedRun {
  readonly end: RunEnd
  readonly state: RunState
}

export interface FinishPorts {
  readonly store: Pick<RunStore, 'list' | 'writeDocument'>
  readonly archive: Pick<RunArchive, 'readHeadHash' | 'prune'>
  readonly snapshots: Pick<Snapshots, 'list' | 'remove'>
}

/** Leaves the report of a run, and removes what is kept beyond its number. */
export async function finishRun(
  config: ProjectConfig,
  ports: FinishPorts,
  end: RunEnd,
  state: RunState,
): Promise<FinishedRun> {
  try {
    await writeReport(ports, state)
    await ports.archive.prune(keptRuns)
    if (state.tenants.length > 0 && config.snapshots.data !== 'never')
      await pruneSnapshots({ config }, ports, new AbortController().signal)
  } catch (error) {
    // The log is the truth: a report that cannot be written now can be made from it at any time.
    if (!(error instanceof LockstepError)) throw error
  }
  return { end, state }
}

/** Folds a run as it goes. */
export function foldReader(): { readonly read: EventReader; readonly state: () => RunState } {
  let state = initialRunState
  return {
    read: event => {
      state = foldRun(state, event)
    },
    state: () => state,
  }
}
