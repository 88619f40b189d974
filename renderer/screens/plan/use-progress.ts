import { useCallback, useEffect, useState } from 'react'
import { useApi } from '../../store/dashboard-context.tsx'

const mostKept = 100

/** What the engine says while it makes or checks a plan, and the way to begin anew. */
export function useProgress(task: 'plan' | 'check' | 'rehearse'): readonly [readonly string[], () => void] {
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
