import { join } from 'node:path'
import type { RunPlace } from '../../app/history/list-runs.ts'
import { findComposeOnly, hasProjectFile, loadChosen, type ProjectChoice } from '../project/open-project.ts'
import { stateFolderOf } from '../settings/load-project.ts'
import { stateFolder } from '../settings/state-folder.ts'
import { openRuns } from './run-archive.ts'

/** Where runs are looked for: the project's folder, then that of those without a project, such as the demo's. */
export function openRunPlaces(choice: ProjectChoice): readonly RunPlace[] {
  return [...new Set([...ownFolders(choice), join(stateFolder(), 'runs')])].map(openRuns)
}

function ownFolders(choice: ProjectChoice): readonly string[] {
  const files = findComposeOnly(choice)
  if (files !== null) return [join(stateFolderOf(files.projectDirectory), 'runs')]
  return hasProjectFile(choice) ? [loadChosen(choice).runsFolder] : []
}

/** The name of the project that a choice means; null where no project file says it. */
export function findProjectName(choice: ProjectChoice): string | null {
  if (findComposeOnly(choice) !== null) return null
  return hasProjectFile(choice) ? loadChosen(choice).config.project : null
}
