import type { RunState } from '../../../shared/run/run-state.ts'
import type { RunStore } from '../../engine/ports/run-log.ts'
import { buildReport } from '../../reports/build-report.ts'
import type { Report } from '../../reports/report-schema.ts'
import { findRollbackOf } from '../history/find-rollbacks.ts'
import type { RunArchive } from '../ports/run-archive.ts'

/** What a report is made from. */
export interface ReportPorts {
  readonly store: Pick<RunStore, 'list' | 'writeDocument'>
  readonly archive: Pick<RunArchive, 'readHeadHash'>
}

/** The report of a run as its log stands, with the log's own proof. */
export async function makeReport(
  { store, archive }: { readonly store: Pick<RunStore, 'list'>; readonly archive: ReportPorts['archive'] },
  state: RunState,
): Promise<Report> {
  const { runId } = state
  if (!runId) return buildReport(state, { headHash: null, undoneBy: null })
  const headHash = await archive.readHeadHash(runId)
  const undoneBy = findRollbackOf(await store.list(), runId)?.runId ?? null
  return buildReport(state, { headHash, undoneBy })
}

/** Leaves report.json beside the log. */
export async function writeReport(ports: ReportPorts, state: RunState): Promise<void> {
  if (!state.runId) return
  const report = await makeReport(ports, state)
  await ports.store.writeDocument(state.runId, 'report.json', `${JSON.stringify(report, null, 2)}\n`)
}
