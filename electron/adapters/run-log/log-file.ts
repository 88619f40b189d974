import { open } from 'node:fs/promises'

/** The one open file of a log. A write that fails half-way is taken back with `truncate`. */
export interface LogFile {
  append(bytes: Uint8Array): Promise<void>
  truncate(length: number): Promise<void>
  /** Waits until what was appended is on disk. */
  sync(): Promise<void>
  close(): Promise<void>
}

export type OpenLogFile = (path: string, mode: 'create' | 'reopen') => Promise<LogFile>

/** Opens a log for appending; a new one must not exist yet. */
export const openLogFile: OpenLogFile = async (path, mode) => {
  const handle = await open(path, mode === 'create' ? 'ax' : 'a')
  return {
    append: bytes => handle.writeFile(bytes),
    truncate: length => handle.truncate(length),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  }
}
