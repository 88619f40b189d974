import { useEffect, useMemo, useState } from 'react'
import { useStore } from 'zustand'
import type { RunView } from '../../../shared/api/run-view.ts'
import { useApi, useDashboard, useDashboardStore } from '../../store/dashboard-context.tsx'
import { type OpenRun, openRun } from '../../store/run-store.ts'
import type { Loadable } from '../../store/use-request.ts'
import { createAnnouncer } from './header/announce-run.ts'
import { describeRun, statusOfRun } from './header/describe-run.ts'

/** The run of the address, kept up to date while the page is shown. */
export function useOpenRun(runId: string): Loadable<RunView> {
  const api = useApi()
  const [run, setRun] = useState<{ readonly runId: string; readonly open: OpenRun } | null>(null)
  const reloads = useDashboard(state => state.reloads)
  const isConnected = useDashboard(state => state.connection.state === 'connected')
  useEffect(() => {
    const open = openRun(api, runId)
    setRun({ runId, open })
    return () => open.close()
  }, [api, runId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another request to refresh is a reason to.
  useEffect(() => {
    if (reloads > 0) run?.open.reload()
  }, [reloads])
  const store = run?.runId === runId ? run.open.store : emptyStore
  const { view, failure, at, startedAt } = useStore(store)
  const reload = run?.open.reload
  useAnnouncements(view)
  return useMemo(
    () => ({
      state: view !== null ? 'ready' : failure !== null ? 'failed' : 'loading',
      value: view,
      failure,
      at,
      startedAt,
      isStale: view !== null && (failure !== null || !isConnected),
      reload: () => reload?.(),
    }),
    [view, failure, at, startedAt, isConnected, reload],
  )
}

const emptyState = { view: null, failure: null, at: null, startedAt: Date.now() }
const emptyStore: OpenRun['store'] = {
  getState: () => emptyState,
  getInitialState: () => emptyState,
  setState: () => undefined,
  subscribe: () => () => undefined,
}

function useAnnouncements(view: RunView | null): void {
  const store = useDashboardStore()
  const [announcer] = useState(() => createAnnouncer(announcement => store.setState({ announcement })))
  useEffect(() => () => announcer.close(), [announcer])
  useEffect(() => {
    if (view !== null) announcer.tell(describeRun(view).verdict, statusOfRun(view))
  }, [announcer, view])
}
