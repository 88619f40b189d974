import { join } from 'node:path'

/** The files of one run. */
export interface RunPaths {
  readonly folder: string
  readonly events: string
  /** Space kept free for the end of a run on a full disk. */
  readonly reserve: string
  /** Who writes the log. */
  readonly owner: string
}

/** Where the files of a run are. */
export function pathsOfRun(folder: string, runId: string): RunPaths {
  const runFolder = join(folder, runId)
  return {
    folder: runFolder,
    events: join(runFolder, 'events.jsonl'),
    reserve: join(runFolder, 'reserve'),
    owner: join(runFolder, 'owner.json'),
  }
}
