import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parseConfig } from '../../config/parse-config.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { findProjectFile } from './find-project-file.ts'
import type { RememberedPasswords } from './remembered-passwords.ts'

/** A project on this machine: its file, its folder and what they say. */
export interface Project {
  readonly file: string
  readonly folder: string
  readonly config: ProjectConfig
  /** Where its runs are kept. */
  readonly runsFolder: string
  /** Where approved plans are kept. */
  readonly plansFolder: string
  /** Passwords that the desktop remembers: the last source of all. */
  readonly remembered?: RememberedPasswords
}

/** Finds and reads the project file; references to the environment and to files are resolved here. */
export function loadProject(named: string | null, currentFolder: string): Project {
  const file = findProjectFile(named, currentFolder)
  const folder = dirname(file)
  const shown = relative(currentFolder, file) || file
  const config = parseConfig(readFileSync(file, 'utf8'), shown, {
    env: name => process.env[name],
    file: path => readText(resolve(folder, path)),
  })
  const state = stateFolderOf(folder)
  return { file, folder, config, runsFolder: join(state, 'runs'), plansFolder: join(state, 'plans') }
}

/** Where a project keeps its runs and plans. */
export function stateFolderOf(folder: string): string {
  return process.env.LOCKSTEP_STATE_DIR ?? join(folder, '.lockstep')
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
