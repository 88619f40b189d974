import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { isAtWork } from '../../engine/open-runs/list-at-work.ts'
import { mayHaveCommitted } from '../../engine/open-runs/may-have-committed.ts'
import type { RunStore } from '../../engine/ports/run-log.ts'
import type { Snapshots } from '../../engine/ports/snapshots.ts'
import { choosePrunable } from '../../engine/snapshots/choose-prunable.ts'

interface PrunePorts {
  readonly snapshots: Pick<Snapshots, 'list' | 'remove'>
  readonly store: Pick<RunStore, 'list'>
}

/** Copies that are kept beyond the number; none while a run is at work. */
export async function listPrunable(
  { config }: { readonly config: ProjectConfig },
  { snapshots, store }: PrunePorts,
  keep = config.snapshots.keep,
): Promise<readonly StoredSnapshot[]> {
  const runs = await store.list()
  if (runs.some(isAtWork)) return []
  const committed = new Set(runs.filter(mayHaveCommitted).map(run => run.runId))
  return choosePrunable(await snapshots.list(), keep, runId => committed.has(runId))
}

/** Removes copies beyond the number that is kept; what cannot be removed now is removed another time. */
export async function pruneSnapshots(
  project: { readonly config: ProjectConfig },
  ports: PrunePorts,
  signal: AbortSignal,
): Promise<readonly StoredSnapshot[]> {
  const removed: StoredSnapshot[] = []
  for (const snapshot of await listPrunable(project, ports)) {
    await ports.snapshots.remove(snapshot, signal).then(
      () => removed.push(snapshot),
      () => undefined,
    )
  }
  return removed
}
