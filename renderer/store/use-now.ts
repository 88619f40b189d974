import { useSyncExternalStore } from 'react'

let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

/** One clock for all ages on the screen: ticks once a second, and not at all while the window is hidden. */
function listen(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || timer === null) return
    clearInterval(timer)
    timer = null
  }
}

function tick(): void {
  if (document.hidden) return
  now = Date.now()
  for (const listener of listeners) listener()
}

/** While nobody listened the clock stood still: the first to look must not see the moment at which the last one left. */
function read(): number {
  const present = Date.now()
  if (timer === null && Math.abs(present - now) >= 1_000) now = present
  return now
}

/** The present, to the second, as `Date.now()` gives it. */
export function useNow(): number {
  return useSyncExternalStore(listen, read)
}
