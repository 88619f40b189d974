import type { RunSummary } from '../../../../shared/api/run-view.ts'

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
