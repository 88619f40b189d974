import type { RunStore, StoredRun } from '../../engine/ports/run-log.ts'
import type { RunArchive } from '../ports/run-archive.ts'
import { findNamedRun } from './find-named-run.ts'

/** A folder in which runs are looked for. */
export interface RunPlace {
  readonly folder: string
  readonly store: RunStore
  readonly archive: RunArchive
}

/** A run, and the place it lies in. */
export type PlacedRun = StoredRun & { readonly place: RunPlace }

/** Every run of these places, newest first; one that lies in two of them belongs to the first. */
export async function listRuns(places: readonly RunPlace[]): Promise<readonly PlacedRun[]> {
  const lists = await Promise.all(
    places.map(async place => (await place.store.list()).map(run => ({ ...run, place }))),
  )
  const byId = new Map<string, PlacedRun>()
  for (const run of lists.flat()) if (!byId.has(run.runId)) byId.set(run.runId, run)
  return [...byId.values()].sort((a, b) => (a.runId < b.runId ? 1 : -1))
}

/** The run that is meant by its id, its unambiguous beginning, or `last`. Throws `run_unknown`. */
export async function findRun(
  given: string,
  places: readonly RunPlace[],
  counts?: (run: StoredRun) => boolean,
): Promise<PlacedRun> {
  return findNamedRun(given, await listRuns(places), counts)
}
