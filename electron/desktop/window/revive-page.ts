import type { WebContents } from 'electron'
import { recordProblem } from './record-crashes.ts'

const perMinute = 2

/** Loads a page again whose process is gone, at most twice a minute: one that always fails must not fail forever. */
export function revivePage(contents: WebContents): void {
  const mayRevive = limitRate(perMinute, 60_000)
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    recordProblem('the page has gone', reason)
    if (mayRevive(Date.now())) contents.reload()
  })
}

/** Says yes so often within a time, and no beyond. */
export function limitRate(most: number, withinMs: number): (now: number) => boolean {
  let granted: readonly number[] = []
  return now => {
    granted = granted.filter(at => now - at < withinMs)
    if (granted.length >= most) return false
    granted = [...granted, now]
    return true
  }
}
