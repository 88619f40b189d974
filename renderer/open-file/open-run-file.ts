import type { EngineApi } from '../../shared/api/engine-api.ts'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import { routeTo } from '../route/route.ts'
import type { DashboardStore } from '../store/dashboard-store.ts'
import { navigate } from '../store/navigate.ts'

/** Lets a person choose the log of a run, and shows it. */
export async function openRunFile(api: EngineApi, store: DashboardStore): Promise<void> {
  const input = document.createElement('input')
  input.type = 'file'
  input.accept = '.jsonl,.ndjson,.json'
  const chosen = new Promise<File | null>(resolve => {
    input.addEventListener('change', () => resolve(input.files?.[0] ?? null))
    input.addEventListener('cancel', () => resolve(null))
  })
  input.click()
  const file = await chosen
  if (file) await showRunFile(api, store, file)
}

/** Hands a file to the engine, and shows the run in it; what is wrong with the file is said on the Runs screen. */
export async function showRunFile(api: EngineApi, store: DashboardStore, file: File): Promise<void> {
  const reply = await api.request('run.import', { name: file.name, text: await file.text() })
  if (reply.ok) {
    navigate(routeTo('runs', { id: reply.value.runId }))
    return
  }
  const { what, why } = describeFailure(reply.failure)
  store.setState({ announcement: { polite: '', assertive: `${what} ${why}` } })
  navigate(routeTo('runs', { query: { refused: `${what} ${why}` } }))
}
