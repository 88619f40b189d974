import type { RunSummary } from '../../../shared/api/run-view.ts'
import type { ActiveRun } from '../../../shared/api/session-view.ts'
import { listAtWork } from '../../engine/open-runs/list-at-work.ts'

/** Runs of a project without an end whose process is alive: ours first, then those of other processes. */
export function listActiveRuns(
  ours: ActiveRun | null,
  runs: readonly RunSummary[],
  project: string | null,
): readonly ActiveRun[] {
  const others = listAtWork(project, runs)
    .filter(run => !run.isImported && run.runId !== ours?.runId)
    .map(({ runId, startedAt }): ActiveRun => ({ runId, startedAt, control: 'running', isOurs: false }))
  return [...(ours ? [ours] : []), ...others]
}
