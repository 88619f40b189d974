import type { RunEvent } from '../../../shared/run/run-event.ts'
import { genesisHash, hashLine } from './hash-chain.ts'
import { readLine } from './read-line.ts'

const newline = 0x0a

/** How far a log has been read and proven. */
export interface LogPosition {
  /** Bytes up to and including the last good newline. */
  readonly offset: number
  readonly seq: number
  readonly headHash: string
}

export interface LogProblem {
  readonly line: number
  readonly problem: string
  /** Whether a newer Lockstep wrote it. */
  readonly isNewer?: boolean
}

/** What a stretch of a log holds. */
export interface LogScan {
  readonly events: readonly RunEvent[]
  /** Bytes of each event's line, with its newline. */
  readonly lengths: readonly number[]
  /** Where to go on from. */
  readonly position: LogPosition
  /** Bytes after the last newline: a line whose writing was cut off, or is under way. */
  readonly tornBytes: number
  /** The first line that does not fit; nothing after it is believed. */
  readonly problem: LogProblem | null
}

/** Says which line of a log cannot be believed, and why. */
export function describeProblem({ line, problem }: LogProblem): string {
  return `line ${line}: ${problem}`
}

/** The position before the first line. */
export const logStart: LogPosition = { offset: 0, seq: 0, headHash: genesisHash }

/** Reads whole lines from bytes that begin at a position, proving the chain line by line. */
export function scanLog(bytes: Buffer, runId: string, from: LogPosition): LogScan {
  const events: RunEvent[] = []
  const lengths: number[] = []
  let position = from
  let start = 0
  for (;;) {
    const end = bytes.indexOf(newline, start)
    if (end < 0) return { events, lengths, position, tornBytes: bytes.length - start, problem: null }
    const line = bytes.subarray(start, end)
    const seq = position.seq + 1
    const read = readLine(line.toString('utf8'), { runId, seq, prev: position.headHash })
    if ('problem' in read) {
      return { events, lengths, position, tornBytes: 0, problem: { line: seq, ...read } }
    }
    events.push(read.event)
    lengths.push(line.length + 1)
    start = end + 1
    position = { offset: from.offset + start, seq, headHash: hashLine(line) }
  }
}
