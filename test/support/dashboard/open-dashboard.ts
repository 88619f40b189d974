import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { _electron, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { inject } from 'vitest'
import type { LockstepHome } from '../run-lockstep.ts'
import { waitUntil } from '../wait-until.ts'
import { findStandIn } from './find-stand-in.ts'

/** What carries the engine to the page: a loopback server and a browser, or the desktop app. */
export type Transport = 'web' | 'desktop'

export interface DashboardRequest {
  readonly transport: Transport
  readonly browser: Browser
  readonly home: LockstepHome
  /** Project file; null opens none. */
  readonly config: string | null
  readonly demo?: boolean
  readonly readOnly?: boolean
  readonly environment?: Readonly<Record<string, string>>
  readonly context?: BrowserContextOptions
}

/** The whole product at work: shell, engine process, and a page in a real browser. */
export interface OpenedDashboard {
  readonly page: Page
  /** Faults that pages reported; a journey ends with none. */
  readonly faults: readonly string[]
  /** Closes the window and opens another one on the same engine. */
  reopen(): Promise<Page>
  /** Kills the engine's process as a fault would. */
  killEngine(): Promise<void>
  /** Ends everything, as a person would. */
  close(): Promise<void>
}

/** Opens the dashboard on a transport. The caller must close it. */
export function openDashboard(request: DashboardRequest): Promise<OpenedDashboard> {
  return request.transport === 'web' ? openInBrowser(request) : openOnDesktop(request)
}

async function openInBrowser(request: DashboardRequest): Promise<OpenedDashboard> {
  const { browser, home, config } = request
  const shell = home.start(
    [
      'open',
      '--web',
      ...(request.demo ? ['--demo'] : []),
      ...(request.readOnly ? ['--read-only'] : []),
      ...(config === null ? [] : ['--config', config]),
    ],
    { ...(request.environment ? { environment: request.environment } : {}), deadlineSeconds: 600 },
  )
  shell.ended.catch(() => undefined)
  await waitUntil(
    () => /http:\/\/\S+/.test(shell.stdout()) || shell.process.exitCode !== null,
    'the address of the dashboard',
    60,
  )
  const address = /http:\/\/\S+/.exec(shell.stdout())?.[0]
  if (!address) throw new Error(`no address was printed:\n${shell.stderr()}`)
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...request.context })
  const faults: string[] = []
  const open = async (url: string): Promise<Page> => {
    const page = await context.newPage()
    collectFaults(page, faults)
    await page.goto(url)
    return page
  }
  let page = await open(address)
  return {
    get page() {
      return page
    },
    faults,
    async reopen() {
      const { origin, hash } = new URL(page.url())
      const kept = await context.newPage()
      await page.close()
      collectFaults(kept, faults)
      await kept.goto(`${origin}/${hash}`)
      page = kept
      return page
    },
    killEngine: () => killEngine(shell.process.pid),
    async close() {
      await context.close()
      shell.signal('SIGTERM')
      await shell.ended.catch(() => undefined)
    },
  }
}

async function openOnDesktop(request: DashboardRequest): Promise<OpenedDashboard> {
  const { home, config } = request
  const built = join(dirname(inject('launcher')), '../../dist')
  const options = {
    choice:
      config === null
        ? null
        : {
            config,
            compose: { files: [], projectName: null, profiles: [], envFiles: null, folder: dirname(config) },
          },
    demo: request.demo ?? false,
    readOnly: request.readOnly ?? false,
  }
  const app = await _electron.launch({
    executablePath: await findStandIn(),
    args: [
      join(built, 'desktop.js'),
      `--user-data-dir=${join(home.folder, 'electron')}`,
      JSON.stringify(options),
    ],
    cwd: home.folder,
    env: { ...definedOf(process.env), ...home.environment, ...request.environment },
  })
  const faults: string[] = []
  const page = await app.firstWindow()
  collectFaults(page, faults)
  return {
    get page() {
      return page
    },
    faults,
    async reopen() {
      // A window that reloads is the same to the engine as one that is closed and opened again.
      await page.reload()
      return page
    },
    killEngine: () => killEngine(app.process().pid),
    async close() {
      // A run that is still at work makes the app ask before it quits; a journey that failed has nobody to answer.
      const shell = app.process()
      const ended = new Promise<void>(resolve => shell.once('exit', () => resolve()))
      const impatience = setTimeout(() => killAll(shell.pid), 20_000)
      await Promise.race([app.close(), ended])
      clearTimeout(impatience)
    },
  }
}

function collectFaults(page: Page, faults: string[]): void {
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
}

/** Finds the engine among a shell's descendants, and kills it. */
async function killEngine(shell: number | undefined): Promise<void> {
  const engine = listDescendants(shell ?? 0).find(({ command }) => /[/]engine\.js(\s|$)/.test(command))
  if (!engine) throw new Error('no engine is at work')
  process.kill(engine.pid, 'SIGKILL')
  await waitUntil(() => !existsSync(`/proc/${engine.pid}/exe`), 'the engine to be gone', 30)
}

/** Ends a shell and all that it started. */
function killAll(shell: number | undefined): void {
  for (const pid of [...listDescendants(shell ?? 0).map(one => one.pid), shell ?? 0]) {
    try {
      if (pid > 0) process.kill(pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function listDescendants(root: number): readonly Process[] {
  const all = readdirSync('/proc').flatMap((name): readonly Process[] => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
      return [{ pid: Number(name), parent, command }]
    } catch {
      return []
    }
  })
  const found: Process[] = []
  const parents = new Set([root])
  for (let grew = true; grew; ) {
    grew = false
    for (const one of all) {
      if (parents.has(one.pid) || !parents.has(one.parent)) continue
      parents.add(one.pid)
      found.push(one)
      grew = true
    }
  }
  return found
}

function definedOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
