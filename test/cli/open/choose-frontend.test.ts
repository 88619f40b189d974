import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseFrontend, type FrontendFacts } from '../../../electron/cli/open/choose-frontend.ts'
import { findBuiltFolder, findElectron } from '../../../electron/cli/open/find-built.ts'

const all: FrontendFacts = {
  wantsWeb: false,
  platform: 'linux',
  environment: { DISPLAY: ':0' },
  electron: '/there/electron',
}

describe('the dashboard is shown', () => {
  it.each<[string, Partial<FrontendFacts>]>([
    ['a screen of X', {}],
    ['a screen of Wayland', { environment: { WAYLAND_DISPLAY: 'wayland-0' } }],
    ['macOS', { platform: 'darwin', environment: {} }],
    ['Windows', { platform: 'win32', environment: {} }],
  ])('in a window on %s with Electron', (_title, facts) => {
    expect(chooseFrontend({ ...all, ...facts })).toEqual({ kind: 'desktop', program: '/there/electron' })
  })

  it.each<[string, Partial<FrontendFacts>, RegExp | null]>([
    ['it was asked for', { wantsWeb: true }, null],
    ['there is no screen', { environment: {} }, /^there is no screen/],
    ['the screen is elsewhere', { environment: { DISPLAY: ':0', SSH_CONNECTION: '1 2 3 4' } }, /over SSH/],
    ['Electron was not fetched', { electron: null }, /`npx electron --version` fetches it/],
    [
      'the program that is named is not there',
      { electron: null, environment: { DISPLAY: ':0', LOCKSTEP_ELECTRON: '/missing' } },
      /LOCKSTEP_ELECTRON names no program: \/missing/,
    ],
  ])('in a browser where %s, with the reason', (_title, facts, why) => {
    const chosen = chooseFrontend({ ...all, ...facts })
    expect(chosen).toEqual({ kind: 'web', why: why === null ? null : expect.stringMatching(why) })
  })
})

describe('the program of Electron', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-electron-'))
    mkdirSync(join(folder, 'with/node_modules/electron/dist'), { recursive: true })
    mkdirSync(join(folder, 'with/dist/chunks'), { recursive: true })
    mkdirSync(join(folder, 'without/node_modules/electron'), { recursive: true })
    for (const name of ['with', 'without'])
      writeFileSync(join(folder, name, 'node_modules/electron/path.txt'), 'electron\n')
    writeFileSync(join(folder, 'with/node_modules/electron/dist/electron'), '')
    writeFileSync(join(folder, 'with/dist/web.js'), '')
    // Loading the package would run this.
    writeFileSync(join(folder, 'with/node_modules/electron/index.js'), 'throw new Error("loaded")')
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is found from anywhere below the package that holds it, without loading it', () => {
    const program = join(folder, 'with/node_modules/electron/dist/electron')
    expect(findElectron(join(folder, 'with'), undefined)).toBe(program)
    expect(findElectron(join(folder, 'with/dist/chunks'), undefined)).toBe(program)
  })

  it('is missing where only its package is there', () => {
    expect(findElectron(join(folder, 'without'), undefined)).toBeNull()
  })

  it('is the one that is named, or none', () => {
    expect(findElectron(folder, join(folder, 'with/dist/web.js'))).toBe(join(folder, 'with/dist/web.js'))
    expect(findElectron(join(folder, 'with'), '/missing')).toBeNull()
  })

  it('is given the build that this code is part of, in the entry and in a chunk', () => {
    for (const name of ['cli.js', 'chunks/open-verb-1234.js']) {
      const url = pathToFileURL(join(folder, 'with/dist', name)).href
      expect(findBuiltFolder(url)).toBe(join(folder, 'with/dist'))
    }
    expect(() => findBuiltFolder(pathToFileURL(join(folder, 'without/x.js')).href)).toThrow(
      /no built dashboard/,
    )
  })
})
