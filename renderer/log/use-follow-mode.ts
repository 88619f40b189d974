import { useCallback, useEffect, useState } from 'react'
import { countNewLines, type FollowMode, nextFollowMode } from './follow-mode.ts'

export interface Follow {
  readonly mode: FollowMode['mode']
  readonly newLines: number
  readonly turnAway: () => void
  readonly reachEnd: () => void
}

/** Whether the end of a log is followed, as the reader moves and the run goes on. */
export function useFollowMode(isLive: boolean, startsAtEnd: boolean, total: number): Follow {
  const [mode, setMode] = useState<FollowMode>(() => {
    if (!isLive) return { mode: 'ended' }
    return startsAtEnd ? { mode: 'follow' } : { mode: 'history', seen: total }
  })
  useEffect(
    () =>
      setMode(before =>
        nextFollowMode(before, isLive ? { kind: 'run_went_on', total } : { kind: 'run_ended' }),
      ),
    [isLive, total],
  )
  const turnAway = useCallback(
    () => setMode(before => nextFollowMode(before, { kind: 'turned_away', total })),
    [total],
  )
  const reachEnd = useCallback(() => setMode(before => nextFollowMode(before, { kind: 'reached_end' })), [])
  return { mode: mode.mode, newLines: countNewLines(mode, total), turnAway, reachEnd }
}
