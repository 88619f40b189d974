import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram } from '../../programs/start-program.ts'

/**
 * Removes the small System V segment that a killed server left behind, and which no other start will collect.
 * A server that was stopped has removed its lock file, and the segment with it. Where there is no `ipcrm`, it stays.
 */
export async function removeSharedMemory(dataFolder: string): Promise<void> {
  const identifier = findSegment(join(dataFolder, 'postmaster.pid'))
  if (identifier === null) return
  const args = ['-m', identifier]
  const child = startProgram({ area: 'sandbox', program: removeProgram, args }, { stdio: 'ignore' })
  await once(child, 'exit').catch(() => undefined)
}

const removeProgram = 'ipcrm'

/** The seventh line of a lock file is the segment's key and identifier. */
function findSegment(lockFile: string): string | null {
  try {
    return /^\s*\d+\s+(\d+)\s*$/.exec(readFileSync(lockFile, 'utf8').split('\n')[6] ?? '')?.[1] ?? null
  } catch {
    return null
  }
}
