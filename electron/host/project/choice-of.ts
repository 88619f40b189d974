import { statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { ComposeChoice } from '../docker/open-compose-project.ts'
import type { ProjectChoice } from './open-project.ts'

const nothingSaid = { files: [], projectName: null, profiles: [], envFiles: null }

/** The choice that a folder, a project file or a Compose file means; `said` is what else was said of the Compose project. */
export function choiceOf(path: string, said: Omit<ComposeChoice, 'folder'> = nothingSaid): ProjectChoice {
  const place = resolve(path)
  const isFolder = statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (isFolder) return { config: null, compose: { ...said, folder: place } }
  const folder = dirname(place)
  return /compose.*\.ya?ml$/i.test(basename(place))
    ? { config: null, compose: { ...said, files: [place], folder } }
    : { config: place, compose: { ...said, folder } }
}
