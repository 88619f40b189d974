import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { LogFilter } from '../../shared/api/log-line.ts'
import { useApi, useDashboard } from '../store/dashboard-context.tsx'
import { createPageCache, type PageCache, type PageCacheSnapshot, type ReadPage } from './page-cache.ts'

/** The pages of a run's log under a filter, and what is known about its length. */
export function useLogPages(
  runId: string,
  filter: LogFilter,
  written: number,
): { readonly cache: PageCache; readonly snapshot: PageCacheSnapshot; readonly read: ReadPage } {
  const api = useApi()
  const isConnected = useDashboard(state => state.connection.state === 'connected')
  const key = JSON.stringify(filter)
  const isWhole = key === '{}'
  const { cache, read } = useMemo(() => {
    const wanted: LogFilter = JSON.parse(key)
    const ask: ReadPage = (from, count) => api.request('log.range', { runId, filter: wanted, from, count })
    return { cache: createPageCache(ask), read: ask }
  }, [api, runId, key])
  useEffect(() => {
    cache.want([0])
    return () => cache.close()
  }, [cache])
  useEffect(() => {
    if (isConnected) cache.retry()
  }, [cache, isConnected])
  useEffect(() => {
    if (isWhole) cache.grow(written)
    else if (written > 0) cache.askForEnd()
  }, [cache, isWhole, written])
  const snapshot = useSyncExternalStore(cache.subscribe, cache.snapshot)
  return { cache, snapshot, read }
}
