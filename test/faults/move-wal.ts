import { chmodSync, chownSync, cpSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { SandboxServer } from '../../electron/adapters/embedded-postgres/start-cluster.ts'
import { openSmallDisk } from '../support/small-disk.ts'

/** Segments of a megabyte cannot be had without a cluster of their own: as few as possible of the usual ones. */
export const smallWal = { wal_keep_size: '0', min_wal_size: '32MB', max_wal_size: '64MB' }
const walDiskBytes = 256 * 1024 * 1024

/** Moves the WAL of a server to a small disk of its own, which must be closed once the server is gone. */
export async function moveWal(primary: SandboxServer): Promise<ReturnType<typeof openSmallDisk>> {
  await primary.stop()
  const place = join(primary.dataFolder, 'pg_wal')
  const { uid, gid } = statSync(primary.dataFolder)
  const small = openSmallDisk(walDiskBytes)
  const moved = join(small.disk.folder, 'pg_wal')
  cpSync(place, moved, { recursive: true })
  for (const name of ['.', ...readdirSync(moved, { recursive: true, encoding: 'utf8' })])
    chownSync(join(moved, name), uid, gid)
  chmodSync(moved, 0o700)
  chmodSync(small.disk.folder, 0o755)
  rmSync(place, { recursive: true })
  symlinkSync(moved, place)
  await primary.start()
  return small
}
