import { join } from 'node:path'
import { describeReading } from '../../../shared/failure/describe-run-failure.ts'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import type { IntactLog, RunStore, StoredRun } from '../../engine/ports/run-log.ts'
import { writeAtomically } from '../../lib/write-atomically.ts'
import { describeEmptyLog } from './describe-empty-log.ts'
import { codeOf, isDiskFull, unwritable } from './error-code.ts'
import { followLog } from './follow-log.ts'
import { damagedLog, listRunIds, loadLog, unknownRun } from './load-log.ts'
import { type OpenLogFile, openLogFile } from './log-file.ts'
import { isLogAlive } from './log-owner.ts'
import { isRunId } from './new-run-id.ts'
import { createLog, reopenLog } from './open-log.ts'
import { peekLog } from './peek-log.ts'
import { releaseReserve } from './reserve-file.ts'
import { pathsOfRun } from './run-paths.ts'
import { describeProblem, type LogScan } from './scan-log.ts'
import { describeScan } from './verify-run-log.ts'

/** What tests replace: the clock, and the file under a log. */
export interface RunStoreOptions {
  readonly now?: () => Date
  readonly openFile?: OpenLogFile
}

/** Keeps runs in a folder: `<folder>/<runId>/events.jsonl`, with documents such as report.json beside it. */
export function createRunStore(folder: string, options: RunStoreOptions = {}): RunStore {
  const now = options.now ?? (() => new Date())
  const openFile = options.openFile ?? openLogFile
  return {
    create: runId => createLog({ folder, runId, openFile, now }),
    reopen: (runId, { setAside = false } = {}) => reopenLog({ folder, runId, openFile, now }, setAside),
    list: () => listRuns(folder),
    read: runId => readRun(folder, runId),
    readIntact: runId => readIntactRun(folder, runId),
    follow: (runId, afterSeq, signal) => followLog(folder, runId, afterSeq, signal),
    writeDocument: (runId, name, text) => writeDocument(folder, runId, name, text),
  }
}

async function readRun(folder: string, runId: string): Promise<readonly RunEvent[]> {
  const scan = await loadLog(folder, runId)
  if (scan.problem !== null) throw damagedLog(pathsOfRun(folder, runId).events, scan.problem)
  return scan.events
}

async function readIntactRun(folder: string, runId: string): Promise<IntactLog> {
  const scan = await loadLog(folder, runId)
  const { events, problem } = scan
  if (problem !== null) return { events, damage: describeProblem(problem) }
  const { lost, damage } = isEmpty(scan) ? await describeEmptyLog(pathsOfRun(folder, runId), runId) : sound
  return { events, damage: lost === undefined ? null : damage, ...(lost ? { lost } : {}) }
}

async function listRuns(folder: string): Promise<readonly StoredRun[]> {
  const runs: StoredRun[] = []
  for (const runId of await listRunIds(folder)) {
    const run = await describeStoredRun(folder, runId)
    if (run !== null) runs.push(run)
  }
  return runs
}

/** What a list says about one run; null where there is none, as in a folder whose process is just making it. */
export async function describeStoredRun(folder: string, runId: string): Promise<StoredRun | null> {
  return describeRun(folder, runId).catch((error: unknown) => describeUnreadable(folder, runId, error))
}

async function describeRun(folder: string, runId: string): Promise<StoredRun> {
  const paths = pathsOfRun(folder, runId)
  const alive = await isLogAlive(paths.owner)
  const ends = await peekLog(paths.events, runId).catch(() => null)
  if (ends !== null) {
    const { outcome, exitCode } = ends.finished
    const project = ends.first.type === 'run.started' ? ends.first.project : null
    const facts = { runId, project, startedAt: ends.first.at, outcome, exitCode, alive, damage: null }
    return { ...facts, ...undoneBy(ends.first) }
  }
  const scan = await loadLog(folder, runId)
  const first = scan.events[0]
  const last = scan.events.at(-1)
  const isCutOff = scan.problem === null && scan.tornBytes > 0
  const isBeginning = alive && scan.events.length === 0
  const damage = isCutOff || isBeginning ? null : describeScan(scan)
  return {
    runId,
    project: first?.type === 'run.started' ? first.project : null,
    startedAt: first?.at ?? null,
    outcome: last?.type === 'run.finished' ? last.outcome : null,
    exitCode: last?.type === 'run.finished' ? last.exitCode : null,
    alive,
    damage,
    ...undoneBy(first),
    ...(scan.problem?.isNewer ? { unreadable: 'newer' } : {}),
    ...(isEmpty(scan) && !isBeginning ? await describeEmptyLog(paths, runId) : {}),
  }
}

const sound: Pick<StoredRun, 'damage' | 'lost'> = { damage: null }

function isEmpty({ events, problem, tornBytes }: LogScan): boolean {
  return problem === null && tornBytes === 0 && events.length === 0
}

function undoneBy(first: RunEvent | undefined): Pick<StoredRun, 'undoes'> {
  const undoes = first?.type === 'run.started' ? first.intent.undoes : undefined
  return undoes === undefined ? {} : { undoes }
}

/** A folder without a log is no run: its process is just making it, or ended before it could. */
async function describeUnreadable(folder: string, runId: string, error: unknown): Promise<StoredRun | null> {
  const failure = toFailure(error)
  if (failure.kind === 'run_unknown') return null
  const damage = `the log cannot be read: ${failure.kind === 'log_unreadable' ? describeReading(failure) : codeOf(error)}`
  const alive = await isLogAlive(pathsOfRun(folder, runId).owner)
  const nothing = { project: null, startedAt: null, outcome: null, exitCode: null }
  return { runId, ...nothing, alive, damage, lost: 'unreadable' }
}

/** Documents never hide a file of the log itself. */
const documentName = /^(?!events\.|owner\.)[a-z0-9][a-z0-9-]*(\.[a-z0-9]+)+$/i

async function writeDocument(folder: string, runId: string, name: string, text: string): Promise<void> {
  if (!documentName.test(name))
    throw new LockstepError({ kind: 'internal', message: `not a document: ${name}` })
  if (!isRunId(runId)) throw await unknownRun(folder, runId)
  const paths = pathsOfRun(folder, runId)
  const file = join(paths.folder, name)
  try {
    await writeAtomically(file, text).catch(async (error: unknown) => {
      if (!isDiskFull(error) || !(await releaseReserve(paths.reserve))) throw error
      await writeAtomically(file, text)
    })
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw await unknownRun(folder, runId)
    throw unwritable(file, error)
  }
}
