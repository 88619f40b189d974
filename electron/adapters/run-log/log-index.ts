import { type FileHandle, open } from 'node:fs/promises'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { createGrowingColumn } from '../../lib/growing-column.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { codeOf, unreadable } from './error-code.ts'
import { damagedLog, unknownRun } from './load-log.ts'
import { isRunId } from './new-run-id.ts'
import { parseProvenLine } from './parse-proven-line.ts'
import { pathsOfRun } from './run-paths.ts'
import { type LogProblem, logStart, scanLog } from './scan-log.ts'

/** Offsets are kept for every so many lines; between them, lengths are added up. */
const linesPerMark = 256

/** How much is read and proven before others get their turn. */
const stretchBytes = 256 * 1024

/** How many stretches are read side by side. */
const readsAtOnce = 8

/** Neighbouring lines; `to` is the first one that is not meant. */
export interface LineStretch {
  readonly from: number
  readonly to: number
}

/** Where the lines of one log are, as far as they have been proven. Lines are counted from 0 here. */
export interface LogIndex {
  readonly lines: number
  readonly headHash: string
  /** The first line that does not fit; nothing after it is believed. */
  readonly problem: LogProblem | null
  /** Bytes after the last newline. */
  readonly tornBytes: number
  /**
   * Proves the next stretch of the log. `more` until everything that is there now has been seen;
   * `replaced` when the log was changed other than by appending, so that nothing known about it holds.
   */
  advance(): Promise<'more' | 'end' | 'replaced'>
  /** Where a line begins; for the line after the last one, where that one will. */
  offsetOf(line: number): number
  /** Bytes of a line with its newline. */
  lengthOf(line: number): number
  /** The events of each stretch of neighbouring lines. */
  read(stretches: readonly LineStretch[]): Promise<readonly (readonly RunEvent[])[]>
}

/** An index of a log that knows nothing yet; `onEvent` sees each event once, in order, when it has been proven. */
export function createLogIndex(folder: string, runId: string, onEvent: (event: RunEvent) => void): LogIndex {
  const { events: file } = pathsOfRun(folder, runId)
  const lengths = createGrowingColumn()
  const marks: number[] = []
  let position = logStart
  let problem: LogProblem | null = null
  let tornBytes = 0
  let stretch = stretchBytes
  let seen: FileMark | null = null
  let isResumed = false

  const offsetOf = (line: number): number => {
    if (line >= lengths.length) return position.offset
    const mark = line - (line % linesPerMark)
    let offset = marks[mark / linesPerMark] ?? 0
    for (let before = mark; before < line; before += 1) offset += lengths.at(before)
    return offset
  }

  const add = (bytes: Buffer): void => {
    const scan = scanLog(bytes, runId, position)
    let offset = position.offset
    for (const length of scan.lengths) {
      if (lengths.length % linesPerMark === 0) marks.push(offset)
      lengths.push(length)
      offset += length
    }
    position = scan.position
    problem = scan.problem
    tornBytes = scan.tornBytes
    // A line that is longer than a stretch needs a longer one.
    stretch = scan.events.length === 0 ? stretch * 2 : stretchBytes
    scan.events.forEach(onEvent)
  }

  const parse = (bytes: Buffer, from: number, to: number): readonly RunEvent[] => {
    const events: RunEvent[] = []
    let offset = 0
    for (let line = from; line < Math.min(to, lengths.length); line += 1) {
      const end = offset + lengths.at(line)
      const event = parseProvenLine(bytes.toString('utf8', offset, end - 1), line + 1)
      if (event === null) {
        throw damagedLog(file, { line: line + 1, problem: 'the line has changed since it was proven' })
      }
      events.push(event)
      offset = end
    }
    return events
  }

  return {
    get lines() {
      return lengths.length
    },
    get headHash() {
      return position.headHash
    },
    get problem() {
      return problem
    },
    get tornBytes() {
      return tornBytes
    },
    offsetOf,
    lengthOf: lengths.at,
    async advance() {
      if (!isRunId(runId)) throw await unknownRun(folder, runId)
      try {
        const { bytes, mark } = await readStretch(file, position.offset, stretch)
        const { size } = mark
        if (isChangedWithin(seen, mark, position.offset, problem !== null)) return 'replaced'
        seen = mark
        if (problem !== null) return 'end'
        const before = position.offset
        const isWhole = position.offset + bytes.length >= size
        add(bytes)
        // What does not follow the lines that were proven earlier may follow those that are there now.
        if (problem !== null && isResumed) return 'replaced'
        isResumed = isWhole && problem === null
        if (isWhole && position.offset === before) stretch = stretchBytes
        return isWhole || problem !== null ? 'end' : 'more'
      } catch (error) {
        if (codeOf(error) === 'ENOENT') throw await unknownRun(folder, runId)
        throw unreadable(file, error)
      }
    },
    async read(stretches) {
      const handle = await open(file, 'r')
      try {
        return await mapConcurrently(stretches, readsAtOnce, async ({ from, to }) => {
          const start = offsetOf(from)
          return parse(await readBytes(handle, start, offsetOf(to) - start), from, to)
        })
      } finally {
        await handle.close()
      }
    },
  }
}

interface FileMark {
  readonly size: number
  readonly changedAt: number
}

/** A log only grows. One that is shorter, or was written to without growing, must be proven again, and so must a damaged one that changed. */
function isChangedWithin(seen: FileMark | null, now: FileMark, proven: number, isDamaged: boolean): boolean {
  if (now.size < proven) return true
  if (seen === null || seen.changedAt === now.changedAt) return false
  return isDamaged || seen.size === now.size
}

async function readStretch(
  file: string,
  offset: number,
  length: number,
): Promise<{ readonly bytes: Buffer; readonly mark: FileMark }> {
  const handle = await open(file, 'r')
  try {
    const { size, mtimeMs: changedAt } = await handle.stat()
    const bytes = await readBytes(handle, offset, Math.max(0, Math.min(length, size - offset)))
    return { bytes, mark: { size, changedAt } }
  } finally {
    await handle.close()
  }
}

async function readBytes(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
