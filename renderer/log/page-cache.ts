import type { Reply } from '../../shared/api/engine-api.ts'
import type { LogLine, LogPage } from '../../shared/api/log-line.ts'
import type { Failure } from '../../shared/failure/failure.ts'

export const pageSize = 256
const mostPages = 64
/** More would only queue up behind one another in the engine. */
const mostRequests = 3

/** Reads lines by their position under a filter. */
export type ReadPage = (from: number, count: number) => Promise<Reply<LogPage>>

/** A window over a log of any length: pages of it, the ones used last, and how long it is. */
export interface PageCache {
  /** The line at a position; null while it is not here. */
  lineAt(position: number): LogLine | null
  /** Says what is in sight: its pages are asked for first, others that were still to be asked for are forgotten. */
  want(positions: Iterable<number>): void
  /** Grows with what is written: pages that were not full are asked for again. */
  grow(total: number): void
  /** Asks for the last page, to learn how long the log is by now. */
  askForEnd(): void
  /** Asks again after a failure; nothing is asked for in between. */
  retry(): void
  snapshot(): PageCacheSnapshot
  subscribe(listener: () => void): () => void
  close(): void
}

/** A new object whenever something has changed. */
export interface PageCacheSnapshot {
  /** Lines under the filter; null until the engine has answered. */
  readonly total: number | null
  readonly all: number
  readonly failure: Failure | null
}

/** Makes the cache of one log under one filter. */
export function createPageCache(read: ReadPage): PageCache {
  const pages = new Map<number, readonly LogLine[]>()
  const running = new Set<number>()
  const listeners = new Set<() => void>()
  let wanted: number[] = []
  let snapshot: PageCacheSnapshot = { total: null, all: 0, failure: null }
  let isClosed = false

  const change = (next: Partial<PageCacheSnapshot>): void => {
    snapshot = { ...snapshot, ...next }
    for (const listener of listeners) listener()
  }

  const isMissing = (page: number): boolean => {
    const lines = pages.get(page)
    if (lines === undefined) return true
    const total = snapshot.total ?? 0
    return lines.length < Math.min(pageSize, total - page * pageSize)
  }

  const askNext = (): void => {
    while (running.size < mostRequests) {
      const page = wanted.find(one => !running.has(one))
      if (page === undefined || isClosed || snapshot.failure !== null) return
      wanted = wanted.filter(one => one !== page)
      void ask(page)
    }
  }

  const ask = async (page: number): Promise<void> => {
    running.add(page)
    const reply = await read(page * pageSize, pageSize)
    running.delete(page)
    if (isClosed) return
    if (reply.ok) keep(page, reply.value)
    else {
      wanted = [page, ...wanted]
      change({ failure: reply.failure })
    }
    askNext()
  }

  const keep = (page: number, answer: LogPage): void => {
    pages.delete(page)
    pages.set(page, answer.lines)
    for (const oldest of pages.keys()) {
      if (pages.size <= mostPages) break
      pages.delete(oldest)
    }
    change({
      total: Math.max(snapshot.total ?? 0, answer.total),
      all: Math.max(snapshot.all, answer.all),
      failure: null,
    })
  }

  return {
    lineAt(position) {
      const page = Math.floor(position / pageSize)
      const lines = pages.get(page)
      if (lines === undefined) return null
      return lines[position - page * pageSize] ?? null
    },
    want(positions) {
      const inSight = [...new Set([...positions].map(position => Math.floor(position / pageSize)))]
      for (const page of inSight) {
        const lines = pages.get(page)
        if (lines === undefined) continue
        // What was used last goes last.
        pages.delete(page)
        pages.set(page, lines)
      }
      const last = Math.floor(Math.max(0, (snapshot.total ?? 1) - 1) / pageSize)
      const near = inSight.length === 0 ? [] : [Math.max(...inSight) + 1, Math.min(...inSight) - 1]
      wanted = [...inSight, ...near.filter(page => inSight.length < 4 && page >= 0 && page <= last)].filter(
        isMissing,
      )
      askNext()
    },
    grow(total) {
      if (snapshot.total === null || total <= snapshot.total) return
      change({ total, all: Math.max(snapshot.all, total) })
    },
    askForEnd() {
      const page = Math.floor(Math.max(0, (snapshot.total ?? 0) - 1) / pageSize)
      if (running.has(page)) return
      wanted = [page, ...wanted]
      askNext()
    },
    retry() {
      if (snapshot.failure === null) return
      change({ failure: null })
      askNext()
    },
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      isClosed = true
      wanted = []
      listeners.clear()
    },
  }
}
