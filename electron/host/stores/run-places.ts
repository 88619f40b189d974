import { join } from 'node:path'
import type { RunPlace } from '../../app/history/list-runs.ts'
import { findComposeOnly, type ProjectChoice } from '../project/open-project.ts'
import { searchUpward } from '../settings/find-project-file.ts'
import { loadProject, stateFolderOf } from '../settings/load-project.ts'
import { stateFolder } from '../settings/state-folder.ts'
import { openRuns } from './run-archive.ts'

/** Where runs are looked for: the project's folder, then that of those without a project, such as the demo's. */
export function openRunPlaces(choice: ProjectChoice): readonly RunPlace[] {
  return [...new Set([...ownFolders(choice), join(stateFolder(), 'runs')])].map(openRuns)
}

function ownFolders(choice: ProjectChoice): readonly string[] {
  const { config, compose } = choice
  const files = findComposeOnly(choice)
  if (files !== null) return [join(stateFolderOf(files.projectDirectory), 'runs')]
  const hasFile = config !== null || searchUpward(compose.folder) !== null
  return hasFile ? [loadProject(config, compose.folder).runsFolder] : []
}

/** The name of the project that a choice means; null where no project file says it. */
export function findProjectName(choice: ProjectChoice): string | null {
  const { config, compose } = choice
  if (findComposeOnly(choice) !== null) return null
  const hasFile = config !== null || searchUpward(compose.folder) !== null
  return hasFile ? loadProject(config, compose.folder).config.project : null
}
