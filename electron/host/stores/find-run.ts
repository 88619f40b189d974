import { join } from 'node:path'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { createRunStore } from '../../adapters/run-log/run-store.ts'
import type { RunStore, StoredRun } from '../../engine/ports/run-log.ts'
import { findComposeOnly, type ProjectChoice } from '../project/open-project.ts'
import { searchUpward } from '../settings/find-project-file.ts'
import { loadProject, stateFolderOf } from '../settings/load-project.ts'
import { stateFolder } from '../settings/state-folder.ts'

/** A run of this machine, and the folder it lies in. */
export interface FoundRun {
  readonly runId: string
  readonly folder: string
  readonly store: RunStore
}

/** Folders in which runs are looked for: the project's, then those without a project, such as the demo's. */
export function runFolders(choice: ProjectChoice): readonly string[] {
  return [...new Set([...ownFolders(choice), join(stateFolder(), 'runs')])]
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

/** Every run that can be found from here, newest first. */
export async function listRuns(
  folders: readonly string[],
): Promise<readonly (StoredRun & { readonly folder: string })[]> {
  const lists = await Promise.all(
    folders.map(async folder => (await createRunStore(folder).list()).map(run => ({ ...run, folder }))),
  )
  return lists.flat().sort((a, b) => (a.runId < b.runId ? 1 : -1))
}

/** The run with this id, its unambiguous beginning, or `last`: the newest of those that are meant. */
export async function findRun(
  given: string,
  folders: readonly string[],
  isMeant: (run: StoredRun) => boolean = () => true,
): Promise<FoundRun> {
  const runs = await listRuns(folders)
  const wanted = given.toUpperCase()
  const matches =
    given === 'last'
      ? runs.filter(isMeant).slice(0, 1)
      : runs.filter(run => run.runId.toUpperCase().startsWith(wanted))
  const [match] = matches
  if (match && matches.length === 1)
    return { runId: match.runId, folder: match.folder, store: createRunStore(match.folder) }
  throw new LockstepError({
    kind: 'run_unknown',
    runId: given,
    known: runs.slice(0, 5).map(run => run.runId),
  })
}
