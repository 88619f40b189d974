import type { EngineApi } from '../../../shared/api/engine-api.ts'
import type { RunSummary } from '../../../shared/api/run-view.ts'
import { routeTo } from '../../route/route.ts'
import { statusOfOutcome } from '../../status/status.ts'
import { navigate } from '../../store/navigate.ts'

/** Whether a run has something that failed in its log. */
export function hasFailure({ outcome, alive, damage }: RunSummary): boolean {
  if (damage !== null) return false
  return ['failed', 'errored', 'rolled_back'].includes(statusOfOutcome(outcome, alive))
}

/** Shows the first line of a run's log that says what failed, or the run where no line does. */
export async function openFailure(api: EngineApi, runId: string): Promise<void> {
  const reply = await api.request('log.firstFailure', { runId, filter: {} })
  const line = reply.ok ? reply.value.line : null
  if (line === null) navigate(routeTo('runs', { id: runId }))
  else navigate(routeTo('runs', { id: runId, tab: 'logs', query: { line: String(line) } }))
}
