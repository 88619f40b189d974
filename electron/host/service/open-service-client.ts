import type { EngineEvent } from '../../../shared/api/engine-api.ts'
import type { RunHistory } from '../../app/ports/run-history.ts'
import type { RequestClient } from './context/service-context.ts'

/** What one window or tab follows; all of it ends with the client. */
export interface OpenedServiceClient extends RequestClient {
  readonly isLooking: boolean
  close(): void
}

/** Follows runs for one client, each at most once. */
export function openServiceClient(
  history: RunHistory,
  publish: (event: EngineEvent) => void,
): OpenedServiceClient {
  let isLooking = false
  const followed = new Map<string, AbortController>()
  const unfollow = (runId: string): void => {
    followed.get(runId)?.abort()
    followed.delete(runId)
  }
  const send = async (runId: string, afterSeq: number, end: AbortController): Promise<void> => {
    try {
      for await (const events of history.follow(runId, afterSeq, end.signal)) {
        if (end.signal.aborted) return
        if (events.length > 0) publish({ type: 'run.events', runId, events })
      }
    } catch {
      // A log that is damaged, or goes, is reported to the readers of the run.
    } finally {
      if (followed.get(runId) === end) followed.delete(runId)
    }
  }
  return {
    get isLooking() {
      return isLooking
    },
    refresh() {
      isLooking = true
    },
    follow(runId, afterSeq) {
      unfollow(runId)
      const end = new AbortController()
      followed.set(runId, end)
      void send(runId, afterSeq, end)
    },
    unfollow,
    close() {
      isLooking = false
      for (const runId of [...followed.keys()]) unfollow(runId)
    },
  }
}
