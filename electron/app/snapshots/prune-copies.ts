import type { StoredSnapshot } from '../../../shared/run/rollback.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { isAtWork } from '../../engine/open-runs/list-at-work.ts'
import type { EnginePorts } from '../../engine/ports/engine-ports.ts'
import type { StrayDatabase } from '../../engine/ports/restores.ts'
import { splitStrays } from '../../engine/snapshots/split-strays.ts'
import { listPrunable } from './prune-snapshots.ts'
import { listStrays } from './read-copies.ts'

/** What is pruned: copies beyond a number of each tenant, and databases that rollbacks have replaced. */
export interface PruneRequest {
  readonly config: ProjectConfig
  /** How many copies of each tenant stay; as configured where it is undefined. */
  readonly keep: number | undefined
  /** Otherwise they are only named. */
  readonly remove: boolean
}

/** What was removed, or would be. */
export interface PrunedCopies {
  readonly snapshots: readonly StoredSnapshot[]
  readonly strays: readonly StrayDatabase[]
  /** Ours as well, and kept: something of the server depends on them. */
  readonly held: readonly StrayDatabase[]
  /** Left alone: no run on record here has made them. */
  readonly others: readonly StrayDatabase[]
  /** While a run is at work nothing is removed. */
  readonly isBusy: boolean
}

/** Removes copies that are no longer needed, or names them. */
export async function pruneCopies(
  { config, keep, remove }: PruneRequest,
  ports: Pick<EnginePorts, 'snapshots' | 'restores' | 'store'>,
  signal: AbortSignal,
): Promise<PrunedCopies> {
  const snapshots = await listPrunable({ config }, ports, keep)
  const runs = await ports.store.list()
  const isBusy = runs.some(isAtWork)
  const found = isBusy ? [] : await listStrays(config, ports, signal)
  // Another project, or another machine, keeps its copies on the same server under names of the same kind.
  const { ours, others } = splitStrays(found, runs)
  const strays = ours.filter(({ ties }) => ties.length === 0)
  const held = ours.filter(({ ties }) => ties.length > 0)
  if (remove) {
    for (const snapshot of snapshots) await ports.snapshots.remove(snapshot, signal)
    for (const stray of strays) await ports.restores.discard(stray.server, stray.database, signal)
  }
  return { snapshots, strays, held, others, isBusy }
}
