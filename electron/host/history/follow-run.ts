import type { RunEvent } from '../../../shared/run/run-event.ts'
import { damagedLog } from '../../adapters/run-log/load-log.ts'
import { pathsOfRun } from '../../adapters/run-log/run-paths.ts'
import { watchFolder } from '../../adapters/run-log/watch-folder.ts'
import type { LocatedRun } from './locate-run.ts'
import type { LogReader } from './log-reader.ts'

/** At most 60 batches a second. */
const spacingMs = 1_000 / 60

const batchBytes = 64 * 1024

/** So many lines are known ahead of a batch, where the log has them, so that it is full. */
const linesAhead = 1_000

/**
 * The events of a run after a sequence number, in batches, until the signal comes: also after the end of a run, for a recovery may append.
 *
 * Nothing is sent before it is asked for, so a slow reader gets fuller batches and loses nothing.
 */
export async function* followRun(
  reader: LogReader,
  { folder, runId }: LocatedRun,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RunEvent[], void, undefined> {
  const paths = pathsOfRun(folder, runId)
  const changes = watchFolder(paths.folder)
  let next = Math.max(0, afterSeq)
  let dueAt = 0
  try {
    while (!signal.aborted) {
      await reader.catchUp(next + 1)
      if (reader.index.lines <= next) {
        const { problem } = reader.index
        if (problem !== null) throw damagedLog(paths.events, problem)
        await changes.wait(signal)
        continue
      }
      await pause(dueAt - performance.now(), signal)
      await reader.catchUp(next + linesAhead)
      const events = await reader.readEvents(takeBatch(reader, next))
      if (signal.aborted) return
      if (events.length === 0) continue
      next += events.length
      dueAt = performance.now() + spacingMs
      yield events
    }
  } finally {
    changes.close()
  }
}

/** As many lines as fit; at least one. */
function takeBatch({ index }: LogReader, from: number): readonly number[] {
  const lines: number[] = []
  let bytes = 0
  for (let line = from; line < index.lines; line += 1) {
    bytes += index.lengthOf(line)
    if (bytes > batchBytes && lines.length > 0) break
    lines.push(line)
  }
  return lines
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return Promise.resolve()
  return new Promise(resolve => {
    const finish = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    signal.addEventListener('abort', finish, { once: true })
  })
}
