import type { RunLink } from '../../../shared/api/run-view.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import type { RunHistory } from '../ports/run-history.ts'
import { listRollbacksOf } from './find-rollbacks.ts'

/** The run that this one undoes, and those that undo it: they know each other by the first words of a rollback. */
export async function linkRuns(
  history: Pick<RunHistory, 'list' | 'read'>,
  runId: string,
  { intent }: RunState,
): Promise<readonly RunLink[]> {
  const undoing = listRollbacksOf(await history.list(), runId)
  return [
    ...(intent?.undoes === undefined ? [] : [{ kind: 'rolls_back' as const, runId: intent.undoes }]),
    ...(await Promise.all(
      undoing.map(async run => ({
        kind: 'rolled_back_by' as const,
        runId: run.runId,
        undone: run.outcome === null ? null : await countUndone(history, run.runId),
      })),
    )),
  ]
}

/** A rollback of some tenants leaves the others as they are; null where its log cannot be read. */
async function countUndone(history: Pick<RunHistory, 'read'>, runId: string): Promise<number | null> {
  const read = await history.read(runId).catch(() => null)
  if (read === null) return null
  return read.state.tenants.filter(one => one.status === 'committed').length
}
