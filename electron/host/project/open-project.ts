import { join, resolve } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { configureProject, describeFoundConfig } from '../discovery/configure-project.ts'
import { surveyProject } from '../discovery/survey-project.ts'
import { type ComposeFiles, composeFileNames, findComposeFiles } from '../docker/find-compose-files.ts'
import { type ComposeChoice, openComposeProject } from '../docker/open-compose-project.ts'
import { searchUpward } from '../settings/find-project-file.ts'
import { loadProject, type Project, stateFolderOf } from '../settings/load-project.ts'

/** Which project is meant: a project file, or a Compose project without one. */
export interface ProjectChoice {
  /** Null: the one that is found. */
  readonly config: string | null
  readonly compose: ComposeChoice
}

/** Opens the project file, or, where there is none, the Compose project as it is found to be. */
export async function openProject(choice: ProjectChoice, signal: AbortSignal): Promise<Project> {
  const files = findComposeOnly(choice)
  if (files === null) return loadChosen(choice)
  const folder = files.projectDirectory
  const composeEnvironment = await openComposeProject(choice.compose, signal)
  try {
    const found = await surveyProject(composeEnvironment, folder, signal)
    const config = configureProject(describeFoundConfig(found, composeEnvironment, choice.compose))
    const state = stateFolderOf(folder)
    const file = resolve(folder, files.files[0] ?? '')
    return { file, folder, config, runsFolder: join(state, 'runs'), plansFolder: join(state, 'plans') }
  } finally {
    await composeEnvironment.close()
  }
}

/** Says whether a choice names a project file, or there is one to be found. */
export function hasProjectFile({ config, compose }: ProjectChoice): boolean {
  return config !== null || searchUpward(compose.folder) !== null
}

/** The project file of a choice that has one; where there is none, Compose files were looked for in vain too. */
export function loadChosen(choice: ProjectChoice): Project {
  const { config, compose } = choice
  if (!hasProjectFile(choice))
    throw new LockstepError({
      kind: 'compose_missing',
      folder: compose.folder,
      looked: ['lockstep.yml', ...composeFileNames],
    })
  return loadProject(config, compose.folder)
}

/** Compose files that stand for the project: those that are named, or those of a folder without a project file. */
export function findComposeOnly({ config, compose }: ProjectChoice): ComposeFiles | null {
  const isNamed = compose.files.length > 0 || compose.projectName !== null
  if (config !== null) return null
  if (!isNamed && searchUpward(compose.folder) !== null) return null
  return findComposeFiles(compose.files, compose.folder, process.env)
}
