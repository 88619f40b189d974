import type { RunSummary } from '../../../../shared/api/run-view.ts'
import type { ActiveRun } from '../../../../shared/api/session-view.ts'
import { listAtWork } from '../../../engine/open-runs/list-at-work.ts'

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

export interface RunWatchOptions {
  readonly list: () => Promise<readonly RunSummary[]>
  readonly hasAudience: () => boolean
  /** Told of the runs as they are now, newest first. */
  readonly onChange: (runs: readonly RunSummary[]) => void
  readonly everyMs?: number
}

/** Notices runs that other processes begin and end in the same folders; gives back how to stop. */
export function watchRuns({ list, hasAudience, onChange, everyMs = 1_500 }: RunWatchOptions): () => void {
  let known: string | null = null
  let isLooking = false
  const refresh = async (): Promise<void> => {
    if (isLooking || !hasAudience()) return
    isLooking = true
    try {
      const runs = await list()
      const seen = runs.map(run => `${run.runId} ${run.outcome} ${run.alive}`).join('\n')
      if (known !== null && seen !== known) onChange(runs)
      known = seen
    } catch {
      // A folder that cannot be read now is read again soon.
    } finally {
      isLooking = false
    }
  }
  const timer = setInterval(() => void refresh(), everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
