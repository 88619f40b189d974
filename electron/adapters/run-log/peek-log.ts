import { open } from 'node:fs/promises'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { genesisHash } from './hash-chain.ts'
import { readLine } from './read-line.ts'

/** Enough for the first and the last line of any ordinary run. */
const endBytes = 64 * 1024

/** The two ends of a finished log. */
export interface LogEnds {
  readonly first: RunEvent
  readonly finished: Extract<RunEvent, { readonly type: 'run.finished' }>
}

/**
 * Reads only the first and the last line of a log that ends with the end of its run; null for any other.
 *
 * A list of hundreds of runs must not hash every line of each: what lies between is proven when it is read.
 */
export async function peekLog(file: string, runId: string): Promise<LogEnds | null> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const length = Math.min(size, endBytes)
    const head = Buffer.alloc(length)
    const tail = Buffer.alloc(length)
    await handle.read(head, 0, length, 0)
    await handle.read(tail, 0, length, size - length)
    return readEnds(head, tail, runId)
  } finally {
    await handle.close()
  }
}

function readEnds(head: Buffer, tail: Buffer, runId: string): LogEnds | null {
  const headEnd = head.indexOf('\n')
  // The last newline ends the log; the one before it begins its last line.
  const tailStart = tail.length < 2 ? -1 : tail.lastIndexOf('\n', tail.length - 2)
  if (headEnd < 0 || tailStart < 0 || tail.at(-1) !== 0x0a) return null
  const first = readLine(head.toString('utf8', 0, headEnd), { runId, seq: 1, prev: genesisHash })
  const last = readLastLine(tail.toString('utf8', tailStart + 1, tail.length - 1), runId)
  return 'event' in first && last?.type === 'run.finished' ? { first: first.event, finished: last } : null
}

/** The last line's own words for its place in the chain are taken as they are. */
function readLastLine(line: string, runId: string): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null || !('seq' in value) || !('prev' in value)) return null
    if (typeof value.seq !== 'number' || typeof value.prev !== 'string') return null
    const read = readLine(line, { runId, seq: value.seq, prev: value.prev })
    return 'event' in read ? read.event : null
  } catch {
    return null
  }
}
