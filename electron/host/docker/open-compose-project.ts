import { resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { ComposeConfig } from '../../config/project-config.ts'
import { composeFileNames, findComposeFiles } from './find-compose-files.ts'
import { type ComposeEnvironment, openComposeEnvironment } from './open-compose-environment.ts'
import { readDeclaredProject } from './read-declared-project.ts'

/** Which Compose project is meant; everything may be left to what Compose does by itself. */
export interface ComposeChoice {
  readonly files: readonly string[]
  readonly projectName: string | null
  readonly profiles: readonly string[]
  readonly envFiles: readonly string[] | null
  /** Where names of files are relative to, and where the search begins. */
  readonly folder: string
}

/** The Compose project that a project file names. */
export function composeOfConfig(folder: string, compose: ComposeConfig | undefined): ComposeChoice {
  return {
    files: compose?.files ?? [],
    projectName: compose?.project ?? null,
    profiles: compose?.profiles ?? [],
    envFiles: compose?.envFiles?.map(file => resolve(folder, file)) ?? null,
    folder,
  }
}

/** Reads the Compose files and looks at their containers; the caller must close it. Fails with `compose_missing`. */
export async function openComposeProject(
  choice: ComposeChoice,
  signal: AbortSignal,
): Promise<ComposeEnvironment> {
  const { folder, projectName, profiles, envFiles } = choice
  const environment = process.env
  const found = findComposeFiles(choice.files, folder, environment)
  if (found === null) throw new LockstepError({ kind: 'compose_missing', folder, looked: composeFileNames })
  const options = { projectName, profiles, envFiles, environment, currentFolder: process.cwd() }
  return openComposeEnvironment(readDeclaredProject(found, options, signal), environment, signal)
}
