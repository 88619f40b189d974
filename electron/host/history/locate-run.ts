import { stat } from 'node:fs/promises'
import { listRunIds } from '../../adapters/run-log/load-log.ts'
import { isRunId } from '../../adapters/run-log/new-run-id.ts'
import { pathsOfRun } from '../../adapters/run-log/run-paths.ts'
import { findNamedRun } from '../../app/history/find-named-run.ts'

/** A run, and the folder it lies in. */
export interface LocatedRun {
  readonly runId: string
  readonly folder: string
}

/**
 * The run with this id, its unambiguous beginning, or `last`, without reading any log.
 * Folders come in the order of their precedence.
 */
export async function locateRun(given: string, folders: readonly string[]): Promise<LocatedRun> {
  const wanted = given.toUpperCase()
  if (isRunId(wanted)) {
    for (const folder of folders) if (await hasLog(folder, wanted)) return { runId: wanted, folder }
  }
  const runs = await listLocated(folders)
  if (given === 'last') {
    for (const run of runs) if (await hasLog(run.folder, run.runId)) return run
  }
  return findNamedRun(given, runs)
}

/** Every run by its id, newest first; one that lies in two folders belongs to the first. */
export async function listLocated(folders: readonly string[]): Promise<readonly LocatedRun[]> {
  const byId = new Map<string, LocatedRun>()
  for (const folder of folders) {
    for (const runId of await listRunIds(folder)) {
      if (!byId.has(runId)) byId.set(runId, { runId, folder })
    }
  }
  return [...byId.values()].sort((a, b) => (a.runId < b.runId ? 1 : -1))
}

/** Says whether a folder holds the log of a run. */
export async function hasLog(folder: string, runId: string): Promise<boolean> {
  return stat(pathsOfRun(folder, runId).events).then(
    found => found.isFile(),
    () => false,
  )
}
