import type { GuardFacts } from '../../../engine/approval/guard-request.ts'
import type { ServiceContext } from '../context/service-context.ts'
import { readOpenRuns } from './read-open-runs.ts'

/** What a guard looks at, read again: the file may say production by now, and the plan may have moved. */
export async function readGuardFacts(
  context: ServiceContext,
  about: { readonly planId?: string; readonly runId?: string },
): Promise<GuardFacts> {
  const { session, plans, runs, history, readOnly } = context
  const project = await session.refresh().catch(() => session.project)
  const { planId, runId } = about
  const all = runId === undefined ? [] : await history.list()
  const run = all.find(one => one.runId === runId) ?? null
  return {
    readOnly,
    environment: project ? session.environment() : null,
    activeRun: runs.active,
    plan: planId !== undefined && project ? await plans.findRecord(project, planId) : null,
    run,
    isPutRight:
      run?.outcome === 'needs_human' &&
      project !== null &&
      !(await readOpenRuns(context, project, all)).some(one => one.runId === runId),
  }
}
