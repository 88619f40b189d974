import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LockstepError } from '../../../shared/failure/failure.ts'

/** The protocol that ships with Lockstep: every default, with prose. */
export function readDefaultProtocol(): string {
  const here = fileURLToPath(new URL('.', import.meta.url))
  // In the source tree, in the bundle's folder, or beside its chunks.
  const places = [join(here, 'default'), join(here, 'protocol'), join(here, '..', 'protocol')]
  const found = places.map(place => join(place, 'SKILL.md')).find(file => existsSync(file))
  if (found === undefined)
    throw new LockstepError({ kind: 'internal', message: 'the default protocol is missing: SKILL.md' })
  return readFileSync(found, 'utf8')
}
