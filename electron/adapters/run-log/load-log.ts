import { open, readdir, readFile } from 'node:fs/promises'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { codeOf, unreadable } from './error-code.ts'
import { isRunId } from './new-run-id.ts'
import { pathsOfRun } from './run-paths.ts'
import { type LogProblem, type LogScan, logStart, scanLog } from './scan-log.ts'

/** Reads and proves a whole log; throws `run_unknown` when there is none. */
export async function loadLog(folder: string, runId: string): Promise<LogScan> {
  if (!isRunId(runId)) throw await unknownRun(folder, runId)
  try {
    return scanLog(await readFile(pathsOfRun(folder, runId).events), runId, logStart)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw await unknownRun(folder, runId)
    throw unreadable(pathsOfRun(folder, runId).events, error)
  }
}

/** Ids of the stored runs, newest first; empty where nothing was ever stored. */
export async function listRunIds(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return []
    throw unreadable(folder, error)
  })
  return names.filter(isRunId).sort().reverse()
}

/** Says that there is no such run, and which runs there are. */
export async function unknownRun(folder: string, runId: string): Promise<LockstepError> {
  return new LockstepError({ kind: 'run_unknown', runId, known: (await listRunIds(folder)).slice(0, 10) })
}

/** Says which line of a log cannot be believed. */
export function damagedLog(file: string, problem: LogProblem): LockstepError {
  return new LockstepError({ kind: 'log_damaged', file, line: problem.line, problem: problem.problem })
}

/** The bytes of a file from an offset on. */
export async function readFrom(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const bytes = Buffer.alloc(Math.max(0, size - offset))
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return bytes.subarray(0, filled)
  } finally {
    await handle.close()
  }
}
