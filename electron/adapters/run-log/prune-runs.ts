import { rm } from 'node:fs/promises'
import { listRunIds } from './load-log.ts'
import { isLogAlive } from './log-owner.ts'
import { peekLog } from './peek-log.ts'
import { pathsOfRun } from './run-paths.ts'

/**
 * Removes the oldest finished runs beyond a number to keep; says which.
 * What is unfinished, cut off or being written is never removed: it may still be needed.
 */
export async function pruneRuns(folder: string, keep: number): Promise<readonly string[]> {
  const finished: string[] = []
  for (const runId of await listRunIds(folder)) {
    if (await isFinished(folder, runId)) finished.push(runId)
  }
  const removed = finished.slice(Math.max(0, keep))
  for (const runId of removed) await rm(pathsOfRun(folder, runId).folder, { recursive: true, force: true })
  return removed
}

async function isFinished(folder: string, runId: string): Promise<boolean> {
  if (await isLogAlive(pathsOfRun(folder, runId).owner)) return false
  return (await peekLog(pathsOfRun(folder, runId).events, runId).catch(() => null)) !== null
}
