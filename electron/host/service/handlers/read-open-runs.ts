import type { RunSummary } from '../../../../shared/api/run-view.ts'
import { listOpenRuns } from '../../../app/status/list-open-runs.ts'
import type { OpenRun } from '../../../engine/open-runs/find-open-runs.ts'
import { hasLog } from '../../history/locate-run.ts'
import type { Project } from '../../settings/load-project.ts'
import type { ServiceContext } from '../context/service-context.ts'

/** What the command line would find to recover in the open project. */
export function readOpenRuns(
  { history }: Pick<ServiceContext, 'history'>,
  { config, runsFolder }: Project,
  runs: readonly RunSummary[],
): Promise<readonly OpenRun[]> {
  return listOpenRuns(config.project, runs, history, runId => hasLog(runsFolder, runId))
}
