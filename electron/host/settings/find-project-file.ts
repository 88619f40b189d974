import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'

const fileName = 'lockstep.yml'

/** The project file: the one that is named, or `lockstep.yml` in the folder or above it, up to the repository's root. */
export function findProjectFile(named: string | null, folder: string): string {
  if (named !== null) {
    const file = resolve(folder, named)
    if (existsSync(file)) return file
    throw new LockstepError({ kind: 'config_missing', searchedFrom: file })
  }
  const found = searchUpward(folder)
  if (found) return found
  throw new LockstepError({ kind: 'config_missing', searchedFrom: folder })
}

/** The nearest project file at or above a folder, or null. */
export function searchUpward(folder: string): string | null {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const file = join(current, fileName)
    if (existsSync(file)) return file
    if (existsSync(join(current, '.git')) || dirname(current) === current) return null
  }
}
