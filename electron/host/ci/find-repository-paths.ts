import { existsSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { RepositoryPaths } from '../../reports/ci-subject.ts'
import type { Project } from '../settings/load-project.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Where a project lies in its repository: CI says where that is, or the nearest `.git` does. */
export function findRepositoryPaths(
  { file, folder, config }: Pick<Project, 'file' | 'folder' | 'config'>,
  env: Environment,
): RepositoryPaths {
  const root = findRoot(folder, env)
  const { alembic } = config.migrations
  // Alembic's paths start at its own file; where that lies in a container, that is not known here.
  const isHere = alembic !== undefined && alembic.service === undefined
  const sources = isHere ? dirname(resolve(folder, alembic.config)) : folder
  return { sources: pathFrom(root, sources), config: pathFrom(root, resolve(file)) }
}

function findRoot(folder: string, env: Environment): string {
  for (const named of [env.GITHUB_WORKSPACE, env.CI_PROJECT_DIR]) {
    if (named && existsSync(named) && isInside(named, folder)) return named
  }
  for (let current = resolve(folder); ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current
    if (dirname(current) === current) return folder
  }
}

function isInside(root: string, folder: string): boolean {
  const path = relative(realpathSync(root), realpathSync(folder))
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

function pathFrom(root: string, target: string): string {
  return relative(real(root), real(target)).split(sep).join('/')
}

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path)
}
