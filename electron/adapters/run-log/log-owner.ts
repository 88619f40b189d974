import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { codeOf } from './error-code.ts'

/** The process that writes a log; the start time tells it from a later process with the same pid. */
export interface LogOwner {
  readonly pid: number
  /** Ticks since boot and the boot's id, where the system tells them. */
  readonly startTime: string | null
}

/** Enters this process as the one that writes a log; refuses while another one that is alive does. */
export async function claimLog(ownerFile: string, logFile: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await writeOwner(ownerFile)
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || attempt > 2) throw error
      if (await isLogAlive(ownerFile)) {
        throw new LockstepError({ kind: 'log_unwritable', file: logFile, code: 'EBUSY' }, { cause: error })
      }
      await rm(ownerFile, { force: true })
    }
  }
}

/** Says whether the process that writes a log is alive. */
export async function isLogAlive(ownerFile: string): Promise<boolean> {
  const owner = parseOwner(await readFile(ownerFile, 'utf8').catch(() => ''))
  if (owner === null || !isProcessThere(owner.pid)) return false
  const found = await readProcess(owner.pid)
  if (found === null) return true
  return !found.isZombie && (owner.startTime === null || owner.startTime === found.startTime)
}

/** Takes this process off a log again. */
export async function disownLog(ownerFile: string): Promise<void> {
  await rm(ownerFile, { force: true })
}

/** This process, as a record of what it owns names it. */
export async function describeOwner(): Promise<LogOwner> {
  const found = await readProcess(process.pid)
  return { pid: process.pid, startTime: found?.startTime ?? null }
}

/** Links a finished file into place: no reader ever sees half of it, and an existing one is not overwritten. */
async function writeOwner(ownerFile: string): Promise<void> {
  const owner = await describeOwner()
  const temporary = `${ownerFile}.${process.pid}.part`
  try {
    await writeFile(temporary, JSON.stringify(owner))
    await link(temporary, ownerFile)
  } finally {
    await rm(temporary, { force: true })
  }
}

/**
 * State and start time (fields 3 and 22) from /proc/<pid>/stat, null where there is none.
 * The second field may hold spaces and brackets, so everything counts from the last bracket.
 */
async function readProcess(
  pid: number,
): Promise<{ readonly startTime: string; readonly isZombie: boolean } | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    return { startTime: `${fields[19]}@${boot.trim()}`, isZombie: fields[0] === 'Z' || fields[0] === 'X' }
  } catch {
    return null
  }
}

function isProcessThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function parseOwner(text: string): LogOwner | null {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || !('pid' in value)) return null
    if (typeof value.pid !== 'number' || !Number.isInteger(value.pid) || value.pid <= 0) return null
    const startTime = 'startTime' in value && typeof value.startTime === 'string' ? value.startTime : null
    return { pid: value.pid, startTime }
  } catch {
    return null
  }
}
