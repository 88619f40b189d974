import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { findProjectFile, searchUpward } from '../../../electron/host/settings/find-project-file.ts'
import { loadProject } from '../../../electron/host/settings/load-project.ts'
import { stateFolder } from '../../../electron/host/settings/state-folder.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-project-')))
  vi.stubEnv('LOCKSTEP_STATE_DIR', undefined)
})

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true, force: true })
})

function write(path: string, text: string): string {
  const file = join(folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
  return file
}

function projectText(password: string): string {
  return `version: 1
servers:
  - name: primary
    password: ${JSON.stringify(password)}
tenants: { databases: "*" }
migrations: { sql: {} }
`
}

describe('the project file', () => {
  it('is found in a folder above, up to the root of the repository', () => {
    const file = write('lockstep.yml', projectText('x'))
    mkdirSync(join(folder, 'a/b'), { recursive: true })
    expect(findProjectFile(null, join(folder, 'a/b'))).toBe(file)
    mkdirSync(join(folder, 'a/.git'))
    expect(searchUpward(join(folder, 'a/b'))).toBeNull()
    expect(() => findProjectFile(null, join(folder, 'a/b'))).toThrow(LockstepError)
  })

  it('that is named is taken from the current folder, and missed by its whole path', () => {
    const file = write('deploy/production.yml', projectText('x'))
    expect(findProjectFile('deploy/production.yml', folder)).toBe(file)
    expect(() => findProjectFile('deploy/staging.yml', folder)).toThrow(
      expect.objectContaining({
        failure: { kind: 'config_missing', searchedFrom: join(folder, 'deploy/staging.yml') },
      }),
    )
  })

  it('takes values from the environment and from files beside it', () => {
    vi.stubEnv('SHOP_PASSWORD', 'from the environment')
    write('lockstep.yml', projectText('$' + '{env:SHOP_PASSWORD}'))
    expect(loadProject(null, folder).config.servers[0]?.password).toBe('from the environment')
    write('secrets/password', 'from a file\n')
    write('lockstep.yml', projectText('$' + '{file:secrets/password}'))
    expect(loadProject(null, folder).config.servers[0]?.password).toBe('from a file')
  })

  it('is named in a failure as a person would name it from where they stand', () => {
    write('lockstep.yml', 'version: 3\n')
    mkdirSync(join(folder, 'a'))
    expect(() => loadProject(null, join(folder, 'a'))).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ file: '../lockstep.yml' }) }),
    )
  })
})

describe('runs', () => {
  it('are kept beside the project file, or where LOCKSTEP_STATE_DIR says', () => {
    write('lockstep.yml', projectText('x'))
    expect(loadProject(null, folder).runsFolder).toBe(join(folder, '.lockstep/runs'))
    vi.stubEnv('LOCKSTEP_STATE_DIR', join(folder, 'state'))
    expect(loadProject(null, folder).runsFolder).toBe(join(folder, 'state/runs'))
    expect(stateFolder()).toBe(join(folder, 'state'))
  })

  it('without a project are kept in the user’s state folder', () => {
    vi.spyOn(process, 'platform', 'get').mockReturnValue('linux')
    vi.stubEnv('XDG_STATE_HOME', join(folder, 'xdg'))
    expect(stateFolder()).toBe(join(folder, 'xdg/lockstep'))
  })
})
