import { foldAll } from '../../../shared/run/fold-run.ts'
import { mayHaveCommitted } from '../open-runs/may-have-committed.ts'
import type { RunStore } from '../ports/run-log.ts'

/** What later runs did to tenants of a run: a rollback of it, or something on top of it. */
export interface LaterRuns {
  /** Tenants that are rolled back already, with the run that did it. */
  readonly undone: ReadonlyMap<string, string>
  /** Tenants that a later run has moved, with the last one that did. */
  readonly movedBy: ReadonlyMap<string, string>
}

/** Reads the logs of later runs of the same project that changed something. */
export async function findLaterRuns(
  store: Pick<RunStore, 'list' | 'read'>,
  { runId, project }: { readonly runId: string; readonly project: string },
): Promise<LaterRuns> {
  const undone = new Map<string, string>()
  const movedBy = new Map<string, string>()
  const runs = await store.list()
  const later = runs
    .filter(run => run.runId > runId && run.project === project && run.damage === null)
    .filter(mayHaveCommitted)
    .sort((a, b) => (a.runId < b.runId ? -1 : 1))
  for (const run of later) {
    const { intent, tenants } = foldAll(await store.read(run.runId))
    const moved = tenants.filter(one => one.status === 'committed').map(one => one.tenant)
    const into = intent?.verb === 'rollback' && intent.undoes === runId ? undone : movedBy
    for (const tenant of moved) into.set(tenant, run.runId)
  }
  return { undone, movedBy }
}
