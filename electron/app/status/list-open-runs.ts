import type { RunSummary } from '../../../shared/api/run-view.ts'
import { findOpenRuns, type OpenRun } from '../../engine/open-runs/find-open-runs.ts'
import type { RunHistory } from '../ports/run-history.ts'

/** What a recovery would find in a project, from the runs that the history lists. */
export async function listOpenRuns(
  project: string,
  runs: readonly RunSummary[],
  history: Pick<RunHistory, 'read'>,
  isInOwnFolder: (runId: string) => Promise<boolean>,
): Promise<readonly OpenRun[]> {
  const own: RunSummary[] = []
  for (const run of runs) {
    // Runs of other folders and from files are only read: recovery works in the project's own folder.
    const mayBeOpen = run.outcome === null || run.outcome === 'needs_human'
    if (!run.isImported && (!mayBeOpen || (await isInOwnFolder(run.runId)))) own.push(run)
  }
  return findOpenRuns(project, own, async id => (await history.read(id)).state)
}
