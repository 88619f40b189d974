import { useCallback, useEffect, useState } from 'react'
import type { EngineEvent } from '../../shared/api/engine-api.ts'
import { useApi } from './dashboard-context.tsx'

type ProgressTask = Extract<EngineEvent, { readonly type: 'progress' }>['task']

const mostKept = 100

/** What the engine says while it does something long, and the way to start again. */
export function useProgress(task: ProgressTask): readonly [readonly string[], () => void] {
  const api = useApi()
  const [lines, setLines] = useState<readonly string[]>([])
  useEffect(
    () =>
      api.subscribe(event => {
        if (event.type === 'progress' && event.task === task)
          setLines(before => [...before, event.line].slice(-mostKept))
      }),
    [api, task],
  )
  const clear = useCallback(() => setLines([]), [])
  return [lines, clear]
}
