import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'

/** In Compose's own order of preference. */
const standardNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml']

/** Compose files of a project, in the order of merging, and the folder that relative paths start from. */
export interface ComposeFiles {
  readonly files: readonly string[]
  readonly projectDirectory: string
}

/**
 * Finds the Compose files as Compose does: those that are named, `COMPOSE_FILE`, or the standard name here or above,
 * with its override file. A folder whose only Compose file has another name, such as `docker-compose.dev.yml`, has that one.
 */
export function findComposeFiles(
  named: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): ComposeFiles | null {
  const chosen = named.length > 0 ? named : readVariable(environment)
  if (chosen.length > 0) {
    const files = chosen.map(file => resolve(folder, file))
    const missing = files.find(file => !existsSync(file))
    if (missing !== undefined) {
      throw new LockstepError({
        kind: 'compose_invalid',
        file: missing,
        line: 1,
        column: 1,
        problem: 'There is no such file.',
        fix: 'Correct the name that was given by --compose-file, COMPOSE_FILE or `compose.files`.',
      })
    }
    return { files, projectDirectory: dirname(files[0] ?? folder) }
  }
  return searchUpward(folder)
}

/** Names that are looked for, for the message when there is none. */
export const composeFileNames: readonly string[] = [...standardNames, '*compose*.yml', '*compose*.yaml']

function readVariable(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const separator = environment.COMPOSE_PATH_SEPARATOR ?? delimiter
  return (environment.COMPOSE_FILE ?? '').split(separator).filter(file => file !== '')
}

/** Up to the root of the repository, so that a stranger's file further up is never taken. */
function searchUpward(folder: string): ComposeFiles | null {
  for (let current = resolve(folder); ; current = dirname(current)) {
    const found = lookInto(current)
    if (found.length > 0) return { files: found.map(name => join(current, name)), projectDirectory: current }
    if (existsSync(join(current, '.git')) || dirname(current) === current) return null
  }
}

function lookInto(folder: string): readonly string[] {
  const standard = standardNames.find(name => existsSync(join(folder, name)))
  if (standard !== undefined) {
    const override = standard.replace(/\.ya?ml$/, '.override')
    const beside = [`${override}.yaml`, `${override}.yml`].find(name => existsSync(join(folder, name)))
    return beside === undefined ? [standard] : [standard, beside]
  }
  const others = readdirSync(folder).filter(name => /compose.*\.ya?ml$/i.test(name))
  return others.length === 1 ? others : []
}
