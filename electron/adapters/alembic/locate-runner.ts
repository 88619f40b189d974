import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LockstepError } from '../../../shared/failure/failure.ts'

const entry = 'lockstep_runner.py'

/** Finds the runner beside this module: in the source tree, in a bundle's folder, or unpacked from an app archive. */
export function locateRunner(folder?: string): string {
  const here = fileURLToPath(new URL('.', import.meta.url))
  const places = folder
    ? [folder]
    : [join(here, 'runner'), join(here, 'alembic-runner'), join(here, '..', 'alembic-runner')]
  for (const place of places) {
    // Python cannot read from inside an archive.
    const path = join(place, entry).replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
    if (existsSync(path)) return path
  }
  throw new LockstepError({ kind: 'internal', message: `the Alembic runner is missing: ${entry}` })
}
