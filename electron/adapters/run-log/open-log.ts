import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { RunLogWriter, StoredRun } from '../../engine/ports/run-log.ts'
import { syncFolder } from '../../lib/write-atomically.ts'
import { describeEmptyLog } from './describe-empty-log.ts'
import { unwritable } from './error-code.ts'
import { damagedLog, loadLog } from './load-log.ts'
import type { OpenLogFile } from './log-file.ts'
import { claimLog, disownLog } from './log-owner.ts'
import { LogWriter } from './log-writer.ts'
import { isRunId } from './new-run-id.ts'
import { releaseReserve, takeReserve } from './reserve-file.ts'
import { pathsOfRun } from './run-paths.ts'
import { saveTornTail } from './save-torn-tail.ts'
import { describeProblem, logStart } from './scan-log.ts'

/** Which log is opened, and with what. */
export interface OpenLogRequest {
  readonly folder: string
  readonly runId: string
  readonly openFile: OpenLogFile
  readonly now: () => Date
}

/** Starts a log under a new id; leaves nothing behind when it cannot. */
export async function createLog(request: OpenLogRequest): Promise<RunLogWriter> {
  const { folder, runId, openFile, now } = request
  if (!isRunId(runId)) throw new LockstepError({ kind: 'internal', message: `not a run id: ${runId}` })
  const paths = pathsOfRun(folder, runId)
  try {
    await mkdir(folder, { recursive: true })
    await mkdir(paths.folder)
  } catch (error) {
    throw unwritable(paths.events, error)
  }
  try {
    await takeReserve(paths.reserve, randomBytes)
    await claimLog(paths.owner, paths.events)
    const file = await openFile(paths.events, 'create')
    await syncFolder(paths.folder)
    await syncFolder(folder)
    return new LogWriter({ runId, paths, file, now, position: logStart })
  } catch (error) {
    await rm(paths.folder, { recursive: true, force: true })
    throw unwritable(paths.events, error)
  }
}

/** Opens a stored log for appending, as the only one who does; a cut-off last line is set aside, and on demand whatever cannot be believed. */
export async function reopenLog(request: OpenLogRequest, setAside: boolean): Promise<RunLogWriter> {
  const { folder, runId } = request
  await readSoundLog(folder, runId, setAside)
  const paths = pathsOfRun(folder, runId)
  try {
    await claimLog(paths.owner, paths.events)
  } catch (error) {
    throw unwritable(paths.events, error)
  }
  try {
    const writer = await openClaimedLog(request, setAside)
    // Room for the end is welcome, but a full disk must not prevent a recovery.
    await takeReserve(paths.reserve, randomBytes).catch(() => releaseReserve(paths.reserve))
    return writer
  } catch (error) {
    await disownLog(paths.owner)
    throw unwritable(paths.events, error)
  }
}

async function openClaimedLog(
  { folder, runId, openFile, now }: OpenLogRequest,
  setAside: boolean,
): Promise<RunLogWriter> {
  const paths = pathsOfRun(folder, runId)
  const scan = await readSoundLog(folder, runId, setAside)
  const { position, tornBytes, problem } = scan
  const isEmpty = scan.events.length === 0 && tornBytes === 0 && problem === null
  const { lost, damage } = isEmpty ? await describeEmptyLog(paths, runId) : sound
  const file = await openFile(paths.events, 'reopen')
  try {
    const writer = new LogWriter({ runId, paths, file, now, position })
    if (lost && damage !== null)
      await writer.append({ type: 'log.repaired', volatile: { bytes: 0, damage } }, { durable: true })
    if (tornBytes > 0 || problem !== null) {
      const { name: keptAs, bytes } = await saveTornTail(paths, position.offset)
      await file.truncate(position.offset)
      await writer.append(
        {
          type: 'log.repaired',
          volatile: { bytes, keptAs, ...(problem === null ? {} : { damage: describeProblem(problem) }) },
        },
        { durable: true },
      )
    }
    return writer
  } catch (error) {
    await file.close()
    throw error
  }
}

const sound: Pick<StoredRun, 'damage' | 'lost'> = { damage: null }

async function readSoundLog(folder: string, runId: string, setAside: boolean) {
  const scan = await loadLog(folder, runId)
  if (scan.problem !== null && (!setAside || scan.problem.isNewer))
    throw damagedLog(pathsOfRun(folder, runId).events, scan.problem)
  return scan
}
