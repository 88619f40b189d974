import { resolve } from 'node:path'
import type { Project } from './load-project.ts'

type PassFileProject = Pick<Project, 'config' | 'folder'>

/** The password file that a project names; null where libpq's own is read. */
export function passFileOf({ config, folder }: PassFileProject): string | null {
  return config.passFile === undefined ? null : resolve(folder, config.passFile)
}

/** What the project's own programs find in their environment, so that what they connect by themselves reads the same file. */
export function environmentFor(project: PassFileProject): Readonly<Record<string, string>> {
  const file = passFileOf(project)
  return file === null ? {} : { PGPASSFILE: file }
}
