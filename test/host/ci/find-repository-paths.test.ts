import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectConfigSchema } from '../../../electron/config/project-config.ts'
import { findRepositoryPaths } from '../../../electron/host/ci/find-repository-paths.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lockstep-repository-'))
  mkdirSync(join(root, 'services/db/alembic'), { recursive: true })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function pathsOf(migrations: object, env: Readonly<Record<string, string>> = {}) {
  const config = projectConfigSchema.parse({
    version: 1,
    servers: [{ name: 'primary' }],
    tenants: { databases: '*' },
    migrations,
  })
  const folder = join(root, 'services/db')
  return findRepositoryPaths({ file: join(folder, 'lockstep.yml'), folder, config }, env)
}

describe('paths in the repository', () => {
  it('start where CI has checked it out', () => {
    expect(pathsOf({ sql: {} }, { GITHUB_WORKSPACE: root })).toEqual({
      sources: 'services/db',
      config: 'services/db/lockstep.yml',
    })
    expect(pathsOf({ sql: {} }, { CI_PROJECT_DIR: join(root, 'services') }).sources).toBe('db')
  })

  it('start at the nearest .git where CI says nothing, or names another place', () => {
    mkdirSync(join(root, '.git'))
    expect(pathsOf({ sql: {} }).sources).toBe('services/db')
    expect(pathsOf({ sql: {} }, { GITHUB_WORKSPACE: join(root, 'services/db/alembic') }).sources).toBe(
      'services/db',
    )
    expect(pathsOf({ sql: {} }, { GITHUB_WORKSPACE: join(root, 'nowhere') }).sources).toBe('services/db')
  })

  it('of Alembic start at its own file, unless that lies in a container', () => {
    mkdirSync(join(root, '.git'))
    const alembic = { config: 'alembic/alembic.ini' }
    expect(pathsOf({ alembic }).sources).toBe('services/db/alembic')
    expect(pathsOf({ alembic: { ...alembic, service: 'api' } }).sources).toBe('services/db')
  })
})
