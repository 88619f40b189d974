import { useCallback, useEffect, useRef, useState } from 'react'
import type { EngineEvent, InputOf, OutputOf, RequestName } from '../../shared/api/engine-api.ts'
import type { Failure } from '../../shared/failure/failure.ts'
import { useApi, useDashboard } from './dashboard-context.tsx'

/** Something that was asked for. `value` stays while it is asked for again or can no longer be had: then it is stale. */
export interface Loadable<T> {
  readonly state: 'loading' | 'ready' | 'failed'
  readonly value: T | null
  readonly failure: Failure | null
  /** When `value` came, as `Date.now()`. */
  readonly at: number | null
  readonly startedAt: number
  readonly isStale: boolean
  readonly reload: () => void
}

interface Options {
  /** Asks again when such an event comes. */
  readonly when?: (event: EngineEvent) => boolean
  /** Asks again after this time, while the window is visible. */
  readonly everyMs?: number
}

interface Answer<T> {
  readonly key: string
  readonly value: T | null
  readonly failure: Failure | null
  readonly at: number | null
  readonly startedAt: number
  readonly isPending: boolean
}

/** Asks the engine for what a view shows, and again whenever that may have changed. Give null as input to ask nothing yet. */
export function useRequest<Name extends RequestName>(
  name: Name,
  input: InputOf<Name> | null,
  options: Options = {},
): Loadable<OutputOf<Name>> {
  const api = useApi()
  const isConnected = useDashboard(state => state.connection.state === 'connected')
  const reloads = useDashboard(state => state.reloads)
  const key = input === null ? '' : JSON.stringify([name, input])
  const [answer, setAnswer] = useState<Answer<OutputOf<Name>>>(() => emptyAnswer(key))
  const latest = useRef({ input, when: options.when })
  latest.current = { input, when: options.when }
  const turn = useRef(0)

  const reload = useCallback(() => {
    const asked = latest.current.input
    if (asked === null) return
    turn.current += 1
    const mine = turn.current
    const startedAt = Date.now()
    setAnswer(before => ({
      ...(before.key === key ? before : emptyAnswer<OutputOf<Name>>(key)),
      isPending: true,
      startedAt,
    }))
    void api.request(name, asked).then(reply => {
      if (mine !== turn.current) return
      setAnswer(before =>
        reply.ok
          ? { key, value: reply.value, failure: null, at: Date.now(), startedAt, isPending: false }
          : { ...before, key, failure: reply.failure, startedAt, isPending: false },
      )
    })
  }, [api, name, key])

  // biome-ignore lint/correctness/useExhaustiveDependencies: `reloads` is a reason to ask again, not something that is used.
  useEffect(() => {
    if (isConnected) reload()
  }, [isConnected, reload, reloads])

  useEffect(
    () =>
      api.subscribe(event => {
        if (latest.current.when?.(event)) reload()
      }),
    [api, reload],
  )

  const { everyMs } = options
  useEffect(() => {
    if (everyMs === undefined || !isConnected) return
    const timer = setInterval(() => {
      if (!document.hidden) reload()
    }, everyMs)
    return () => clearInterval(timer)
  }, [everyMs, isConnected, reload])

  const current = answer.key === key ? answer : emptyAnswer<OutputOf<Name>>(key)
  return {
    state: current.failure !== null ? 'failed' : current.value !== null ? 'ready' : 'loading',
    value: current.value,
    failure: current.failure,
    at: current.at,
    startedAt: current.startedAt,
    isStale: current.value !== null && (current.failure !== null || !isConnected),
    reload,
  }
}

function emptyAnswer<T>(key: string): Answer<T> {
  return { key, value: null, failure: null, at: null, startedAt: Date.now(), isPending: true }
}
