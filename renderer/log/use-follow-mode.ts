import { useCallback, useEffect, useRef, useState } from 'react'
import { countNewLines, type FollowMode, isPinnedTo, nextFollowMode } from './follow-mode.ts'

export interface Follow {
  readonly mode: FollowMode['mode']
  readonly isPinned: boolean
  readonly newLines: number
  readonly turnAway: () => void
  readonly reachEnd: () => void
}

interface Options {
  readonly isLive: boolean
  readonly startsAtEnd: boolean
  /** Lines that are shown; null before that is known. */
  readonly total: number | null
  /** Changes with the choice of lines that are shown. */
  readonly choice: string
}

/** Whether the end of a log is followed, as the reader moves and the run goes on. */
export function useFollowMode({ isLive, startsAtEnd, total, choice }: Options): Follow {
  const [mode, setMode] = useState<FollowMode>(() => {
    if (!isLive) return { mode: 'ended', isAtEnd: false }
    return startsAtEnd ? { mode: 'follow' } : { mode: 'history', seen: null }
  })
  const latest = useRef(total ?? 0)
  latest.current = total ?? 0
  useEffect(() => {
    const lines = latest.current
    setMode(before =>
      nextFollowMode(before, isLive ? { kind: 'run_went_on', total: lines } : { kind: 'run_ended' }),
    )
  }, [isLive])
  const isKnown = total !== null
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another choice, what was seen is another number.
  useEffect(() => {
    if (isKnown) setMode(before => nextFollowMode(before, { kind: 'shown_anew', total: latest.current }))
  }, [isKnown, choice])
  const turnAway = useCallback(
    () => setMode(before => nextFollowMode(before, { kind: 'turned_away', total: latest.current })),
    [],
  )
  const reachEnd = useCallback(() => setMode(before => nextFollowMode(before, { kind: 'reached_end' })), [])
  return {
    mode: mode.mode,
    isPinned: isPinnedTo(mode),
    newLines: countNewLines(mode, total ?? 0),
    turnAway,
    reachEnd,
  }
}
