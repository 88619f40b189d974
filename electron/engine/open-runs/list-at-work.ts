import type { StoredRun } from '../ports/run-log.ts'

/** Whether a run is at work: its log has no end, and the process that writes it is alive. */
export function isAtWork({ outcome, alive }: Pick<StoredRun, 'outcome' | 'alive'>): boolean {
  return alive && outcome === null
}

/**
 * The runs of a project that are at work, in the order given.
 *
 * Projects may share a folder of runs, and a run that just begins has not said whose it is.
 */
export function listAtWork<Run extends Pick<StoredRun, 'outcome' | 'alive' | 'project'>>(
  project: string | null,
  runs: readonly Run[],
): readonly Run[] {
  return runs.filter(
    run => isAtWork(run) && (run.project === null || project === null || run.project === project),
  )
}
