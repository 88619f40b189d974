import { constants, openSync, writeSync } from 'node:fs'

/** A stream that people or programs read. What cannot be written is dropped: it never throws, and never ends a process. */
export interface SafeOutput {
  write(text: string): void
  readonly isTTY: boolean
  readonly columns: number | undefined
  readonly rows: number | undefined
  /** True while text waits for a reader that does not read, such as a terminal that was stopped by Ctrl-S. */
  readonly isBehind: boolean
  /** Why nothing can be written any more, such as `EPIPE` or `ENOSPC`; null while it can. */
  readonly lostBy: string | null
  /** Told once; at once when it is lost already. */
  onLost(listener: (code: string) => void): void
  /** Resolves when everything is written, or nothing can be. */
  drained(): Promise<void>
}

/** A stream of which its maker may hear later that it is lost. */
interface LosableOutput extends SafeOutput {
  lose(code: string): void
}

/** Writes some bytes and says how many; throws what the system says. */
export type WriteBytes = (bytes: Uint8Array) => number

const retryMs = 10
/** No room now; that is no error. */
const busyCodes: ReadonlySet<string> = new Set(['EAGAIN', 'EWOULDBLOCK'])

/**
 * Makes a stream of this process safe.
 *
 * Bytes go to the descriptor itself: Node loses what a full disk takes only a part of, and a terminal that takes nothing
 * would stop the whole process, with every vote that it holds.
 */
export function createSafeOutput(
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>,
  writeBytes: WriteBytes,
): LosableOutput {
  let waiting: Uint8Array[] = []
  let lostBy: string | null = null
  let retry: NodeJS.Timeout | null = null
  const listeners = new Set<(code: string) => void>()
  const idle = new Set<() => void>()
  const settle = (): void => {
    for (const resolve of idle) resolve()
    idle.clear()
  }
  const lose = (code: string): void => {
    if (lostBy !== null) return
    lostBy = code
    waiting = []
    for (const listener of listeners) listener(code)
    listeners.clear()
  }
  const flush = (): void => {
    retry = null
    while (waiting[0] !== undefined) {
      const written = tryWrite(writeBytes, waiting[0])
      if (typeof written === 'string') {
        lose(written)
        break
      }
      if (written === null) {
        retry = setTimeout(flush, retryMs)
        return
      }
      if (written < waiting[0].length) waiting[0] = waiting[0].subarray(written)
      else waiting.shift()
    }
    settle()
  }
  return {
    get isTTY() {
      return stream.isTTY === true
    },
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
    get isBehind() {
      return retry !== null
    },
    get lostBy() {
      return lostBy
    },
    write(text) {
      if (lostBy !== null || text === '') return
      waiting.push(Buffer.from(text))
      if (retry === null) flush()
    },
    onLost(listener) {
      if (lostBy === null) listeners.add(listener)
      else listener(lostBy)
    },
    lose,
    drained: () => (retry === null ? Promise.resolve() : new Promise(resolve => idle.add(resolve))),
  }
}

/** Bytes that were written, null when there is no room now, or the code of what went wrong. */
function tryWrite(writeBytes: WriteBytes, bytes: Uint8Array): number | string | null {
  try {
    const written = writeBytes(bytes)
    return written > 0 ? written : null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return busyCodes.has(code) ? null : code
  }
}

/** Standard output or standard error as a safe stream. */
export function openStandard(descriptor: number, stream: NodeJS.WriteStream): SafeOutput {
  // Whatever else writes here, such as a question or a warning of Node, must not end the process either.
  stream.on('error', () => undefined)
  if (process.platform === 'win32') return openConsole(stream)
  let opened: number | null = null
  return createSafeOutput(stream, bytes => {
    opened ??= stream.isTTY ? openPatiently(descriptor) : descriptor
    return writeSync(opened, bytes)
  })
}

/** A terminal opened once more, so that it says when it has no room instead of making us wait; the descriptor itself where that is not allowed. */
function openPatiently(descriptor: number): number {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
  try {
    return openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  } catch {
    return descriptor
  }
}

/** A console of Windows takes text by other means than bytes. */
function openConsole(stream: NodeJS.WriteStream): SafeOutput {
  const output = createSafeOutput(stream, bytes => {
    stream.write(bytes)
    return bytes.length
  })
  stream.on('error', (error: NodeJS.ErrnoException) => output.lose(error.code ?? 'unknown'))
  return output
}
