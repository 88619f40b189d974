import { pruneRuns } from '../../adapters/run-log/prune-runs.ts'
import { pathsOfRun } from '../../adapters/run-log/run-paths.ts'
import { createRunStore } from '../../adapters/run-log/run-store.ts'
import { verifyRunLog } from '../../adapters/run-log/verify-run-log.ts'
import type { RunPlace } from '../../app/history/list-runs.ts'
import type { RunArchive } from '../../app/ports/run-archive.ts'

/** The logs of a folder as a whole. */
export function openRunArchive(folder: string): RunArchive {
  return {
    readHeadHash: async runId => (await verifyRunLog(folder, runId)).headHash,
    verify: async runId => ({
      file: pathsOfRun(folder, runId).events,
      ...(await verifyRunLog(folder, runId)),
    }),
    prune: keep => pruneRuns(folder, keep),
  }
}

/** The runs of a folder. */
export function openRuns(folder: string): RunPlace {
  return { folder, store: createRunStore(folder), archive: openRunArchive(folder) }
}
