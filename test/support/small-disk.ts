import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own that is soon full. */
export interface SmallDisk {
  readonly folder: string
  /** Leaves no byte free. */
  fill(): void
  /** Gives back what `fill` took. */
  free(): void
}

/** Lends a small disk; needs root and the right to mount. */
export async function withSmallDisk<T>(bytes: number, use: (disk: SmallDisk) => Promise<T>): Promise<T> {
  const { disk, close } = openSmallDisk(bytes)
  try {
    return await use(disk)
  } finally {
    close()
  }
}

/** The same for as long as somebody needs it, who must close it. */
export function openSmallDisk(bytes: number): { readonly disk: SmallDisk; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-disk-'))
  try {
    run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'lockstep-test', folder])
  } catch (error) {
    rmdirSync(folder)
    throw error
  }
  const filler = join(folder, 'filler')
  return {
    disk: { folder, fill: () => fillUp(filler), free: () => rmSync(filler, { force: true }) },
    close: () => {
      run('umount', [folder])
      rmdirSync(folder)
    },
  }
}

function run(command: string, args: readonly string[]): void {
  const ended = spawnSync(command, args, { encoding: 'utf8' })
  if (ended.error) throw ended.error
  if (ended.status !== 0) throw new Error(`${command}: ${ended.stderr.trim()}`)
}

function fillUp(file: string): void {
  const handle = openSync(file, 'a')
  try {
    for (const size of [65_536, 4_096, 1]) {
      try {
        for (;;) writeSync(handle, Buffer.alloc(size, 1))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      }
    }
  } finally {
    closeSync(handle)
  }
}
