import type { RunSummary } from '../../../../shared/api/run-view.ts'
import { findOpenRuns, type OpenRun } from '../../../engine/open-runs/find-open-runs.ts'
import { hasLog } from '../../history/locate-run.ts'
import type { Project } from '../../settings/load-project.ts'
import type { ServiceContext } from '../context/service-context.ts'

/** What the command line would find to recover in this project, from the runs that the history lists. */
export async function listOpenRuns(
  { history }: Pick<ServiceContext, 'history'>,
  { config, runsFolder }: Project,
  runs: readonly RunSummary[],
): Promise<readonly OpenRun[]> {
  const own: RunSummary[] = []
  for (const run of runs) {
    // Runs of other folders and from files are only read: recovery works in the project's own folder.
    const mayBeOpen = run.outcome === null || run.outcome === 'needs_human'
    if (!run.isImported && (!mayBeOpen || (await hasLog(runsFolder, run.runId)))) own.push(run)
  }
  return findOpenRuns(config.project, own, async id => (await history.read(id)).state)
}
