import { readFileSync, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { canReach, type ServerUser } from './run-as.ts'

const memoryFolder = '/dev/shm'
const gibibyte = 1024 ** 3

/**
 * Chooses where sandboxes are made: in memory where there is plenty of it, which takes a fraction of a disk's time
 * (three servers are nine thousand small files), else in the temporary folder. `TMPDIR` is obeyed when it is set.
 * Undefined when the server's account can enter none.
 */
export function chooseParentFolder(user: ServerUser | null): string | undefined {
  const preferred = process.env.TMPDIR === undefined && isMemoryRoomy() ? [memoryFolder] : []
  return [...preferred, tmpdir(), '/tmp', '/var/tmp'].find(folder => isUsable(folder, user))
}

/** A sandbox grows to half a gibibyte; memory is taken only where several times that is free. */
function isMemoryRoomy(): boolean {
  if (process.platform !== 'linux' || process.availableMemory() < 4 * gibibyte) return false
  try {
    const { bavail, bsize } = statfsSync(memoryFolder)
    return bavail * bsize > 3 * gibibyte && allowsPrograms(readFileSync('/proc/mounts', 'utf8'))
  } catch {
    return false
  }
}

/** A copy of PostgreSQL's programs may have to be started from the sandbox. */
function allowsPrograms(mounts: string): boolean {
  const mount = mounts
    .split('\n')
    .map(line => line.split(' '))
    .findLast(([, folder]) => folder === memoryFolder)
  return mount?.[2] === 'tmpfs' && !mount[3]?.split(',').includes('noexec')
}

function isUsable(folder: string, user: ServerUser | null): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true && canReach(user, folder)
}
