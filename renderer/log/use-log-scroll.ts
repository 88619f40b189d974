import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import {
  clamp,
  offsetAfterScroll,
  offsetToShow,
  rowHeight,
  type ScrollScale,
  scaleOf,
  toScrollTop,
} from './scroll-scale.ts'

export interface LogScroll {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly scale: ScrollScale
  readonly offset: number
  /** Goes to an offset, as a key does. */
  readonly moveTo: (offset: number) => void
  readonly moveBy: (pixels: number) => void
  readonly showRow: (row: number) => void
  /** For the element's `onScroll`. */
  readonly onScroll: () => void
}

interface Options {
  readonly rows: number
  /** Keeps the last row in sight, whatever is added. */
  readonly isPinned: boolean
  /** The reader went away from the end, or came to it. */
  readonly onTurnAway: () => void
  readonly onReachEnd: () => void
}

/** Scrolls a list of any length; the truth is an offset in pixels, and the scroll bar stands for it. */
export function useLogScroll({ rows, isPinned, onTurnAway, onReachEnd }: Options): LogScroll {
  const scroller = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState(400)
  const [offset, setOffset] = useState(0)
  const scale = scaleOf(rows, viewport)
  const now = useRef({ offset: 0, scrollTop: 0, scale, onTurnAway, onReachEnd })
  now.current.scale = scale
  now.current.onTurnAway = onTurnAway
  now.current.onReachEnd = onReachEnd

  const place = useCallback((next: number) => {
    const element = scroller.current
    if (element === null) return
    element.scrollTop = toScrollTop(now.current.scale, next)
    // The browser rounds: what it made of it is what the next step is measured from.
    now.current.scrollTop = element.scrollTop
    now.current.offset = next
    setOffset(next)
  }, [])

  const tell = useCallback((before: number, next: number) => {
    if (next < before) now.current.onTurnAway()
    else if (next > before && next >= now.current.scale.end - 1) now.current.onReachEnd()
  }, [])

  const moveTo = useCallback(
    (wanted: number) => {
      const next = clamp(now.current.scale, wanted)
      tell(now.current.offset, next)
      place(next)
    },
    [place, tell],
  )
  const moveBy = useCallback((pixels: number) => moveTo(now.current.offset + pixels), [moveTo])
  const showRow = useCallback(
    (row: number) => {
      const next = offsetToShow(now.current.scale, now.current.offset, row)
      if (next !== now.current.offset) moveTo(next)
    },
    [moveTo],
  )

  const onScroll = useCallback(() => {
    const element = scroller.current
    if (element === null || Math.abs(element.scrollTop - now.current.scrollTop) < 0.5) return
    const before = now.current.offset
    const next = offsetAfterScroll(now.current.scale, now.current, element.scrollTop)
    now.current.scrollTop = element.scrollTop
    now.current.offset = next
    tell(before, next)
    setOffset(next)
  }, [tell])

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const measure = (): void => setViewport(Math.max(rowHeight, element.clientHeight))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  // A wheel over a scaled list has to move by pixels, which its scroll bar cannot say.
  useEffect(() => {
    const element = scroller.current
    if (element === null || !scale.isScaled) return
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return
      event.preventDefault()
      moveBy(event.deltaMode === 1 ? event.deltaY * rowHeight : event.deltaY)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [scale.isScaled, moveBy])

  useLayoutEffect(() => {
    if (isPinned) place(scale.end)
    else if (now.current.offset > scale.end) place(scale.end)
  }, [isPinned, scale.end, place])

  return { scroller, scale, offset: Math.min(offset, scale.end), moveTo, moveBy, showRow, onScroll }
}
