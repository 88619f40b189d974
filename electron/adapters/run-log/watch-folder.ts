import { type FSWatcher, watch } from 'node:fs'

/** Where file events are missing or lost, this is how late a reader is at most. */
const pollMs = 500

/** Tells that something in a folder may have changed. */
export interface FolderWatch {
  /** Resolves at the first change since the last call, after half a second, or when the signal comes. */
  wait(signal: AbortSignal): Promise<void>
  close(): void
}

/** Watches a folder; a system that cannot watch is polled. */
export function watchFolder(folder: string): FolderWatch {
  let isChanged = false
  let wake: () => void = () => {}
  const watcher = startWatcher(folder, () => {
    isChanged = true
    wake()
  })
  return {
    async wait(signal) {
      if (!isChanged && !signal.aborted) {
        await new Promise<void>(resolve => {
          const finish = () => {
            clearTimeout(timer)
            signal.removeEventListener('abort', finish)
            resolve()
          }
          const timer = setTimeout(finish, pollMs)
          signal.addEventListener('abort', finish, { once: true })
          wake = finish
        })
      }
      isChanged = false
    },
    close: () => watcher?.close(),
  }
}

function startWatcher(folder: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, onChange)
    watcher.on('error', () => watcher.close())
    return watcher
  } catch {
    return null
  }
}
