import { withDeadline } from '../../lib/with-deadline.ts'
import type { Sessions } from '../ports/servers.ts'

const repeatMs = 100

/** The work may be over at any moment: only the deadline ends a request. */
const never = new AbortController().signal

/** A watch that cancels a backend for as long as the signal is aborted and the work is not over. */
export interface CancelWatch {
  /** Names the backend, once it is known. */
  watch(server: string, backendPid: number): void
  /** Ends the watch; resolves when no cancel request is under way any more. */
  stop(): Promise<void>
}

/** Cancels from another connection and repeats it, because a cancel between two statements goes nowhere. */
export function cancelOnAbort(sessions: Sessions, signal: AbortSignal): CancelWatch {
  let target: { readonly server: string; readonly backendPid: number } | null = null
  let timer: NodeJS.Timeout | null = null
  let underWay: Promise<void> = Promise.resolve()
  let isAsking = false
  let stopped = false
  const cancel = (): void => {
    if (stopped || !target || isAsking) return
    const { server, backendPid } = target
    // A server that is gone has nothing left to cancel: the migration's own connection tells.
    isAsking = true
    underWay = withDeadline(never, 5_000, deadline => sessions.cancel(server, backendPid, deadline))
      .catch(() => undefined)
      .then(() => {
        // One at a time, so that none is left to hit whatever the backend runs after this work.
        isAsking = false
        if (!stopped) timer = setTimeout(cancel, repeatMs)
      })
  }
  signal.addEventListener('abort', cancel)
  return {
    watch(server, backendPid) {
      target = { server, backendPid }
      if (signal.aborted && !timer) cancel()
    },
    async stop() {
      stopped = true
      signal.removeEventListener('abort', cancel)
      if (timer) clearTimeout(timer)
      await underWay
    },
  }
}
