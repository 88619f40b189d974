import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredRun } from '../../engine/ports/run-log.ts'
import { timeOfRunId } from './new-run-id.ts'
import type { RunPaths } from './run-paths.ts'

/** The process that begins a log is entered as its owner right before; without an owner the id of the run tells when that was. */
const beginningMs = 5_000

/** What is known of a run whose log holds no event: its process never wrote one, or its events are gone. */
export async function describeEmptyLog(
  paths: RunPaths,
  runId: string,
): Promise<Pick<StoredRun, 'damage' | 'unreadable' | 'lost'>> {
  const { mtimeMs, birthtimeMs } = await stat(paths.events)
  const hasReport = await stat(join(paths.folder, 'report.json')).then(
    () => true,
    () => false,
  )
  const isUntouched = birthtimeMs === 0 || mtimeMs <= birthtimeMs
  const owned = await stat(paths.owner).catch(() => null)
  const begunMs = owned?.mtimeMs ?? timeOfRunId(runId)
  if (isUntouched && !hasReport && mtimeMs - begunMs < beginningMs)
    return { damage: 'the log is empty: its process ended before the first event', unreadable: 'empty' }
  // A report is left at the end of a run: there is nothing to settle.
  return hasReport ? { damage: emptied, unreadable: 'empty' } : { damage: emptied, lost: 'emptied' }
}

const emptied = 'the log is empty: the events that it held are gone'
