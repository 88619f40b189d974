import type { RunEvent } from '../../../shared/run/run-event.ts'
import { codeOf, unreadable } from './error-code.ts'
import { damagedLog, readFrom, unknownRun } from './load-log.ts'
import { isRunId } from './new-run-id.ts'
import { pathsOfRun } from './run-paths.ts'
import { logStart, scanLog } from './scan-log.ts'
import { watchFolder } from './watch-folder.ts'

/**
 * The events of a run after a sequence number: those that are there, then those that come, from any process.
 *
 * It ends when `run.finished` is the last event. A run whose process died has none, so its readers
 * stay until a recovery has ended it, or until the signal comes.
 */
export async function* followLog(
  folder: string,
  runId: string,
  afterSeq: number,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void, undefined> {
  if (!isRunId(runId)) throw await unknownRun(folder, runId)
  const paths = pathsOfRun(folder, runId)
  const changes = watchFolder(paths.folder)
  try {
    let position = logStart
    let isFinished = false
    while (!isFinished && !signal.aborted) {
      const bytes = await readFrom(paths.events, position.offset)
      const scan = scanLog(bytes, runId, position)
      position = scan.position
      isFinished = scan.events.at(-1)?.type === 'run.finished'
      for (const event of scan.events) {
        if (signal.aborted) return
        if (event.seq > afterSeq) yield event
      }
      if (scan.problem !== null) throw damagedLog(paths.events, scan.problem)
      if (!isFinished) await changes.wait(signal)
    }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw await unknownRun(folder, runId)
    throw unreadable(paths.events, error)
  } finally {
    changes.close()
  }
}
