import type { ChildProcess } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { inject } from 'vitest'
import type { LaunchOptions } from '../../electron/host/processes/launch-options.ts'
import type { DesktopBridge } from '../../shared/api/messages.ts'
import { buildStandIn } from '../support/electron-stand-in/build-stand-in.ts'
import { waitUntil } from '../support/wait-until.ts'
import { buildPlayingEngine } from './build-playing-engine.ts'

declare global {
  interface Window {
    readonly lockstep?: DesktopBridge
  }
}

/** The built application in a folder of its own, and the program that runs it. */
export interface BuiltDesktop {
  /** Electron itself when `LOCKSTEP_ELECTRON` names it, otherwise its stand-in. */
  readonly program: string
  readonly isStandIn: boolean
  readonly main: string
  remove(): void
}

/** A running application, and its first window. */
export interface Desktop {
  readonly app: ElectronApplication
  readonly page: Page
  readonly built: BuiltDesktop
  readonly userData: string
}

export interface DesktopOptions {
  readonly options?: Partial<LaunchOptions>
  /** A data folder that outlives the application. */
  readonly userData?: string
  /** Further arguments, as the operating system gives them. */
  readonly args?: readonly string[]
  /** Further variables of its environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** Copies the build, with an engine part that plays a recorded run in place of the real one where that is not asked for. */
export async function buildDesktop(engine: 'playing' | 'real' = 'playing'): Promise<BuiltDesktop> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-desktop-'))
  const root = join(dirname(inject('launcher')), '../..')
  for (const part of ['dist', 'package.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  if (engine === 'playing') await buildPlayingEngine(join(folder, 'dist'))
  const { LOCKSTEP_ELECTRON } = process.env
  const standIn = join(folder, 'stand-in')
  mkdirSync(standIn)
  return {
    program: LOCKSTEP_ELECTRON ?? (await buildStandIn(standIn)),
    isStandIn: LOCKSTEP_ELECTRON === undefined,
    main: join(folder, 'dist', 'desktop.js'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Runs the application until `use` is done; fails when its page reports a fault, or when a process stays behind. */
export async function withDesktop<T>(
  built: BuiltDesktop,
  { options = {}, userData, args = [], env = {} }: DesktopOptions,
  use: (desktop: Desktop) => Promise<T>,
): Promise<T> {
  const folder = userData ?? mkdtempSync(join(tmpdir(), 'lockstep-desktop-data-'))
  const mark = `LOCKSTEP_TEST_MARK_${process.hrtime.bigint()}`
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([, value]) => value !== undefined),
  )
  const app = await _electron.launch({
    executablePath: built.program,
    args: [`--user-data-dir=${folder}`, built.main, JSON.stringify(options), ...args],
    env: { ...(environment as Record<string, string>), ...env, [mark]: '1' },
    timeout: 60_000,
  })
  // Playwright forgets it when the application is closed.
  const child = app.process()
  const faults: string[] = []
  try {
    const page = await app.firstWindow({ timeout: 60_000 })
    page.on('pageerror', error => faults.push(String(error)))
    await page.waitForSelector('#root > *', { timeout: 60_000 })
    const result = await use({ app, page, built, userData: folder })
    if (faults.length > 0) throw new Error(`the page reported faults:\n${faults.join('\n')}`)
    return result
  } finally {
    await endApplication(app, child)
    await waitUntil(() => findMarked(mark).length === 0, 'every process of the application to end')
    if (userData === undefined) rmSync(folder, { recursive: true, force: true })
  }
}

/** Ends it without asking, also when a run is at work. */
async function endApplication(app: ElectronApplication, child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  // The answer is lost with the process.
  app.evaluate(electron => electron.app.exit(0)).catch(() => undefined)
  await ended
}

/** Processes that inherited a variable; Linux shows them. */
export function findMarked(mark: string): readonly string[] {
  if (!existsSync('/proc/self/environ')) return []
  return readdirSync('/proc').filter(name => {
    if (!/^\d+$/.test(name)) return false
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(mark)
    } catch {
      return false
    }
  })
}
