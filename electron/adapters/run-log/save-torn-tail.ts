import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomically } from '../../lib/write-atomically.ts'
import { readFrom } from './load-log.ts'
import type { RunPaths } from './run-paths.ts'

/** Copies what follows the last sound line to a file of its own, and says to which. */
export async function saveTornTail(
  paths: RunPaths,
  offset: number,
): Promise<{ readonly name: string; readonly bytes: number }> {
  const tail = await readFrom(paths.events, offset)
  for (let number = 1; ; number += 1) {
    const name = `events.torn-${number}`
    const file = join(paths.folder, name)
    if (!(await isThere(file))) {
      await writeAtomically(file, tail)
      return { name, bytes: tail.length }
    }
  }
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
