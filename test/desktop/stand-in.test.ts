import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { app } from '../support/electron-stand-in/app.ts'
import { BrowserWindow } from '../support/electron-stand-in/browser-window.ts'
import {
  crashReporter,
  dialog,
  Menu,
  Notification,
  nativeTheme,
  powerSaveBlocker,
  screen,
} from '../support/electron-stand-in/desktop-surfaces.ts'
import { electronDouble } from '../support/electron-stand-in/electron-double.ts'
import { ipcMain } from '../support/electron-stand-in/ipc-main.ts'
import { crossAsJson } from '../support/electron-stand-in/json-only.ts'
import { safeStorage } from '../support/electron-stand-in/safe-storage.ts'
import { protocol } from '../support/electron-stand-in/schemes.ts'
import { session } from '../support/electron-stand-in/session.ts'
import { utilityProcess } from '../support/electron-stand-in/utility-process.ts'
import { WebContents } from '../support/electron-stand-in/web-contents.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const types = readFileSync(`${root}node_modules/electron/electron.d.ts`, 'utf8')
const sources = readdirSync(`${root}electron/desktop`, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && name !== 'preload.ts')
  .map(name => readFileSync(`${root}electron/desktop/${name}`, 'utf8'))

/** Names that the double has for its own use, and that Electron has without telling its types. */
const own: Readonly<Record<string, readonly string[]>> = {
  App: ['whenReadyPromise', 'begin', 'becomeReady'],
  BrowserWindow: ['standIn', 'noticeTitle'],
  WebContents: [
    'targetId',
    'load',
    'showColorScheme',
    'closeTarget',
    'markDestroyed',
    'refuseOpening',
    'getLastWebPreferences',
  ],
}

/** The members of a class or interface of Electron's types, its parents' not included. */
function membersOf(name: string): ReadonlySet<string> {
  const start = new RegExp(`^  (?:class|interface) ${name}(?: extends [^{]+)? \\{$`, 'm').exec(types)
  if (start === null) throw new Error(`Electron's types have no ${name}`)
  const body = types.slice(start.index, types.indexOf('\n  }\n', start.index))
  return new Set(
    [...body.matchAll(/^ {4}(?:static |readonly )*(\w+)[?(:<]/gm)].map(([, member]) => member ?? ''),
  )
}

/** Public members, with those of the prototype. */
function doubledMembers(double: object): readonly string[] {
  const prototype: object | null = Object.getPrototypeOf(double)
  const inherited =
    prototype === null || ['EventEmitter', 'Object', 'Function'].includes(prototype.constructor.name)
      ? []
      : Object.getOwnPropertyNames(prototype)
  return [...Object.getOwnPropertyNames(double), ...inherited].filter(
    name => !['constructor', 'length', 'name', 'prototype'].includes(name) && !name.startsWith('_'),
  )
}

describe('the stand-in for Electron', () => {
  it.each<[string, object]>([
    ['App', app],
    ['BrowserWindow', BrowserWindow],
    ['BrowserWindow', BrowserWindow.prototype],
    ['WebContents', WebContents.prototype],
    ['IpcMain', ipcMain],
    ['Protocol', protocol],
    ['Session', session.defaultSession],
    ['Dialog', dialog],
    ['Menu', Menu],
    ['Notification', Notification],
    ['PowerSaveBlocker', powerSaveBlocker],
    ['NativeTheme', nativeTheme],
    ['Screen', screen],
    ['CrashReporter', crashReporter],
    ['SafeStorage', safeStorage],
    ['UtilityProcess', utilityProcess],
  ])('has no member of %s that Electron does not have', (name, double) => {
    const known = membersOf(name)
    const invented = doubledMembers(double).filter(
      member => !known.has(member) && !own[name]?.includes(member) && !/^(on|once|emit|domain)$/.test(member),
    )
    expect(invented.filter(member => !isOfEventEmitter(member))).toEqual([])
  })

  it('gives every name that the desktop imports', () => {
    const imported = sources.flatMap(source =>
      [...source.matchAll(/import \{([^}]+)\} from 'electron'/g)].flatMap(([, names = '']) =>
        names
          .split(',')
          .map(name => name.trim())
          .filter(name => name !== '' && !name.startsWith('type ')),
      ),
    )
    expect(imported.length).toBeGreaterThan(10)
    expect(imported.filter(name => !(name in electronDouble))).toEqual([])
  })

  it.each<[string, object]>([
    ['app', app],
    ['dialog', dialog],
    ['ipcMain', ipcMain],
    ['protocol', protocol],
    ['Menu', Menu],
    ['Notification', Notification],
    ['nativeTheme', nativeTheme],
    ['powerSaveBlocker', powerSaveBlocker],
    ['screen', screen],
    ['utilityProcess', utilityProcess],
    ['crashReporter', crashReporter],
    ['window', BrowserWindow.prototype],
    ['webContents', WebContents.prototype],
    ['contents', WebContents.prototype],
  ])('has every member of %s that the desktop uses', (name, double) => {
    const used = new Set(
      sources.flatMap(source =>
        [...source.matchAll(new RegExp(`(?<![\\w.#'/-])${name}\\??\\.(\\w+)`, 'g'))].map(
          ([, member]) => member ?? '',
        ),
      ),
    )
    expect(used.size).toBeGreaterThan(0)
    expect([...used].filter(member => !hasMember(double, member))).toEqual([])
  })

  it('has every member of safeStorage that the desktop uses', () => {
    // It is given to what uses it, under a name of its own.
    const [, used = ''] = /type Storage = Pick<\s*SafeStorage,([^>]+)>/.exec(sources.join('\n')) ?? []
    const members = [...used.matchAll(/'(\w+)'/g)].map(([, member]) => member ?? '')
    expect(members.length).toBeGreaterThan(2)
    expect(members.filter(member => !hasMember(safeStorage, member))).toEqual([])
  })

  it('keeps nothing in clear, and reads what it has encrypted', async () => {
    const sealed = await safeStorage.encryptStringAsync('correct horse')
    expect(sealed.toString('latin1')).not.toContain('correct horse')
    expect(await safeStorage.decryptStringAsync(sealed)).toEqual({
      result: 'correct horse',
      shouldReEncrypt: false,
    })
  })

  it.each<[string, unknown]>([
    ['a function', () => undefined],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['undefined', { a: undefined }],
    ['a number that is none', [Number.NaN]],
    ['a big number', 1n],
  ])('lets %s cross nowhere', (_title, value) => {
    expect(() => crossAsJson(value)).toThrow('only JSON crosses')
  })

  it('hands over a copy of what is JSON', () => {
    const value = { a: [1, 'b', null, { c: true }] }
    expect(crossAsJson(value)).toEqual(value)
    expect(crossAsJson(value)).not.toBe(value)
  })
})

/** Fields of an instance are in no prototype. */
const instanceFields: readonly string[] = ['webContents', 'mainFrame', 'session', 'isPackaged']

function hasMember(double: object, member: string): boolean {
  return member in double || instanceFields.includes(member)
}

function isOfEventEmitter(member: string): boolean {
  return member.startsWith('_') || ['setMaxListeners', 'domain'].includes(member)
}
