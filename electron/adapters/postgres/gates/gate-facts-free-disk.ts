import { readFile, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Bytes free under a server's data directory; null when it is not a folder of this machine.
 *
 * The same path may exist here and belong to no server, or to another one: a container's is elsewhere. The start time
 * in `postmaster.pid` proves that it is the one.
 */
export async function measureFreeDisk(folder: string | null, startedAt: number): Promise<number | null> {
  if (folder === null) return null
  try {
    const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')
    if (Math.abs(Number(lines[2]) - startedAt) > 2) return null
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
