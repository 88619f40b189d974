import { useEffect, useRef, useState } from 'react'
import type { LogFilter, LogMatches, LogQuery } from '../../shared/api/log-line.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import { useApi } from '../store/dashboard-context.tsx'

export interface LogSearch {
  readonly matches: LogMatches | null
  readonly failure: Failure | null
  readonly isRunning: boolean
}

/** While a run goes on, a search is made again at most this often. */
const againAfterMs = 1_000

/** Searches the whole log in the engine, and again while lines are added to it. */
export function useLogSearch(
  runId: string,
  filter: LogFilter,
  query: LogQuery | null,
  written: number,
): LogSearch {
  const api = useApi()
  const key = query === null ? '' : JSON.stringify([runId, filter, query])
  const [answer, setAnswer] = useState<LogSearch & { readonly key: string; readonly written: number }>()
  const latest = useRef({ filter, query, written })
  latest.current = { filter, query, written }
  const isSame = answer?.key === key
  const isBehind = isSame && answer.written < written
  useEffect(() => {
    const asked = latest.current
    if (asked.query === null) return
    let isOver = false
    const search = async (wanted: LogQuery): Promise<void> => {
      const { written: lines } = latest.current
      const reply = await api.request('log.search', { runId, filter: latest.current.filter, query: wanted })
      if (isOver) return
      setAnswer({
        key,
        written: lines,
        matches: reply.ok ? reply.value : null,
        failure: reply.ok ? null : reply.failure,
        isRunning: false,
      })
    }
    const { query: wanted } = asked
    const timer = setTimeout(() => void search(wanted), isBehind ? againAfterMs : 120)
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [api, runId, key, isBehind])
  if (query === null) return { matches: null, failure: null, isRunning: false }
  if (!isSame) return { matches: null, failure: null, isRunning: true }
  return answer
}
