import { buildReport } from '../../shared/report/build-report.ts'
import type { Report } from '../../shared/report/report-schema.ts'
import type { RunState } from '../../shared/run-state.ts'
import { createRunStore } from '../adapters/run-log/run-store.ts'
import { verifyRunLog } from '../adapters/run-log/verify-run-log.ts'
import type { RunStore } from '../engine/ports/run-log.ts'

/** The report of a run as its log stands, with the log's own proof. */
export async function makeReport(runsFolder: string, state: RunState): Promise<Report> {
  const verification = state.runId ? await verifyRunLog(runsFolder, state.runId) : null
  const undoneBy = state.runId ? await findUndoing(runsFolder, state.runId) : null
  return buildReport(state, { headHash: verification?.headHash ?? null, undoneBy })
}

/** The last rollback that took tenants of a run back; null where none did. */
async function findUndoing(runsFolder: string, runId: string): Promise<string | null> {
  const runs = await createRunStore(runsFolder).list()
  const undoing = runs.filter(run => run.undoes === runId && run.outcome === 'migrated')
  return (
    undoing
      .map(run => run.runId)
      .sort()
      .at(-1) ?? null
  )
}

/** Leaves report.json beside the log. */
export async function writeReport(runsFolder: string, store: RunStore, state: RunState): Promise<void> {
  if (!state.runId) return
  await store.writeDocument(
    state.runId,
    'report.json',
    `${JSON.stringify(await makeReport(runsFolder, state), null, 2)}\n`,
  )
}
