import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import { askCompose } from '../../adapters/docker/ask-compose.ts'
import type { ComposeProject, ComposeWarning } from '../../compose/nodes/compose-project.ts'
import { parseDockerConfig } from '../../compose/parse-docker-config.ts'
import { readCompose } from '../../compose/read-compose.ts'
import type { ComposeFiles } from './find-compose-files.ts'

/** A Compose project as its files declare it. */
export interface DeclaredProject {
  readonly project: ComposeProject
  /** Relative to the folder where the question was asked. */
  readonly files: readonly string[]
  readonly absoluteFiles: readonly string[]
  readonly projectDirectory: string
  readonly readBy: 'docker compose' | 'lockstep'
  readonly warnings: readonly ComposeWarning[]
}

export interface DeclaredProjectOptions {
  readonly projectName: string | null
  readonly profiles: readonly string[]
  readonly envFiles: readonly string[] | null
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly currentFolder: string
}

/**
 * Reads the Compose files: Docker's own Compose where there is one, and Lockstep's reader.
 *
 * Ours reads them in any case: it says where a file is wrong, by line and column, and gives the warnings.
 */
export async function readDeclaredProject(
  found: ComposeFiles,
  options: DeclaredProjectOptions,
  signal: AbortSignal,
): Promise<DeclaredProject> {
  const { environment, currentFolder, projectName, profiles, envFiles } = options
  // Both readers know COMPOSE_PROJECT_NAME and COMPOSE_PROFILES, and that an option comes before them.
  const question = { ...found, projectName, profiles, envFiles }
  const asking = askCompose({ ...question, environment, timeoutMs: 10_000 }, signal)
  const own = readByOurselves(question, environment, currentFolder)
  const answer = await asking
  const place = {
    files: found.files.map(file => relative(currentFolder, file) || file),
    absoluteFiles: found.files,
    projectDirectory: found.projectDirectory,
  }
  const warnings = 'failure' in own ? [] : own.warnings
  if (answer.kind === 'answered') {
    return { ...place, project: parseDockerConfig(answer.json), readBy: 'docker compose', warnings }
  }
  if ('failure' in own) throw new LockstepError(own.failure)
  if (answer.kind === 'absent') return { ...place, project: own.project, readBy: 'lockstep', warnings }
  throw new LockstepError({
    kind: 'compose_invalid',
    file: place.files[0] ?? '',
    line: 1,
    column: 1,
    problem: `docker compose config: ${answer.message.split('\n').at(-1) ?? ''}`,
    fix: 'docker compose config',
  })
}

function readByOurselves(
  question: Omit<Parameters<typeof readCompose>[0], 'environment' | 'readFile'>,
  environment: Readonly<Record<string, string | undefined>>,
  currentFolder: string,
) {
  try {
    return readCompose({ ...question, environment: definedOnly(environment), readFile })
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'compose_invalid') return { failure }
    return { failure: { ...failure, file: relative(currentFolder, failure.file) || failure.file } }
  }
}

function definedOnly(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
