import { pruneRuns } from '../../adapters/run-log/prune-runs.ts'
import { createRunStore } from '../../adapters/run-log/run-store.ts'
import { verifyRunLog } from '../../adapters/run-log/verify-run-log.ts'
import type { RunArchive } from '../../app/ports/run-archive.ts'
import type { RunStore } from '../../engine/ports/run-log.ts'

/** The logs of a folder as a whole. */
export function openRunArchive(folder: string): RunArchive {
  return {
    readHeadHash: async runId => (await verifyRunLog(folder, runId)).headHash,
    prune: keep => pruneRuns(folder, keep),
  }
}

/** The runs of a folder, for reports of them. */
export function openRuns(folder: string): { readonly store: RunStore; readonly archive: RunArchive } {
  return { store: createRunStore(folder), archive: openRunArchive(folder) }
}
