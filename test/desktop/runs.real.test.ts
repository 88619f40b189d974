import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { readRecording } from '../support/dashboard/read-recording.ts'
import { needs } from '../support/needs.ts'
import { waitUntil } from '../support/wait-until.ts'
import { answerBoxes, readBoxes } from './record-boxes.ts'
import { type BuiltDesktop, buildDesktop, type Desktop, withDesktop } from './with-desktop.ts'

const it = needs('chromium')
const events = readRecording('0.1.0-migrated')
const runId = events[0]?.runId ?? ''

describe('the desktop around a run', () => {
  let built: BuiltDesktop
  beforeAll(async () => {
    built = await buildDesktop()
  })
  afterAll(() => built?.remove())

  it('gives a page that is loaded again every event of the run, in order, none twice', () =>
    withDesktop(built, {}, async desktop => {
      await startRun(desktop)
      await desktop.page.reload()
      await desktop.page.waitForSelector('#root > *')
      await follow(desktop)
      await ask(desktop, 'run.resume')
      await waitUntil(async () => (await readFollowed(desktop)).length >= events.length, 'the end of the run')
      expect(await readFollowed(desktop)).toEqual(events.map(event => event.seq))
    }))

  it('loads a page again that crashed, and goes on with the run', () =>
    withDesktop(built, {}, async desktop => {
      await startRun(desktop)
      await desktop.app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        const home = globalThis as { loads?: number }
        home.loads = 0
        contents?.on('did-finish-load', () => {
          home.loads = (home.loads ?? 0) + 1
        })
        contents?.forcefullyCrashRenderer()
      })
      await waitUntil(
        async () => (await desktop.app.evaluate(() => (globalThis as { loads?: number }).loads)) === 1,
        'the page to be loaded again',
      )
    }))

  it('asks before a window is closed while a run is at work, and stays when told to', () =>
    withDesktop(built, {}, async desktop => {
      await startRun(desktop)
      await answerBoxes(desktop.app, 'Stay')
      await closeWindow(desktop)
      await waitUntil(async () => (await readBoxes(desktop.app)).length === 1, 'the question')
      expect(await readBoxes(desktop.app)).toEqual([`Run ${runId} is at work.`])
      expect(await countWindows(desktop)).toBe(1)
    }))

  it('asks before it quits while a run is at work', () =>
    withDesktop(built, {}, async desktop => {
      await startRun(desktop)
      await answerBoxes(desktop.app, 'Stay')
      await desktop.app.evaluate(({ app }) => app.quit())
      await waitUntil(async () => (await readBoxes(desktop.app)).length === 1, 'the question')
      expect(await countWindows(desktop)).toBe(1)
    }))

  it('keeps a run without its window, and shows it when it is started again', () =>
    withDesktop(built, {}, async desktop => {
      await startRun(desktop)
      await answerBoxes(desktop.app, 'Keep running in background')
      await closeWindow(desktop)
      await waitUntil(async () => (await countWindows(desktop)) === 0, 'the window to close')
      const opened = desktop.app.waitForEvent('window')
      await startAgain(desktop, JSON.stringify({ open: `#/runs/${runId}` }))
      const page = await opened
      await page.waitForSelector('#root > *')
      expect(await page.evaluate(() => location.hash)).toContain(runId)
      const active = await ask({ ...desktop, page }, 'session.read')
      expect(active).toMatchObject({ ok: true, value: { activeRuns: [{ runId, control: 'running' }] } })
    }))

  it('pauses a run before it closes the window, when told to', () =>
    withDesktop(built, {}, async desktop => {
      await startRun(desktop)
      await answerBoxes(desktop.app, 'Pause the run and close')
      await closeWindow(desktop)
      await waitUntil(async () => (await countWindows(desktop)) === 0, 'the window to close')
      const opened = desktop.app.waitForEvent('window')
      await startAgain(desktop, '{}')
      const page = await opened
      await page.waitForSelector('#root > *')
      expect(await ask({ ...desktop, page }, 'session.read')).toMatchObject({
        value: { activeRuns: [{ control: 'paused' }] },
      })
    }))

  it('quits with every process once nothing is at work', () =>
    withDesktop(built, {}, async ({ app }) => {
      const child = app.process()
      const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
      await app.close()
      expect(await ended).toBe(0)
    }))

  it('tells how a run ended to somebody who looks elsewhere, and shows the run on a click', () =>
    withDesktop(built, {}, async desktop => {
      if (!built.isStandIn) return
      await startRun(desktop)
      await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.blur())
      await ask(desktop, 'run.resume')
      await waitUntil(async () => (await readNotices(desktop)).length === 1, 'the notification')
      expect(await readNotices(desktop)).toEqual([
        `Run ${runId.slice(0, 8)} finished: Migrated: 6 tenants to 0003; every tenant is there.`,
      ])
      await desktop.app.evaluate(electron => {
        const { shown } = (electron as unknown as { standIn: { shown: Shown } }).standIn
        shown.notifications[0]?.emit('click')
      })
      await desktop.page.waitForFunction(id => location.hash.includes(id), runId)
    }))

  it.for([
    ['a second start', (): string => JSON.stringify({ open: '#/topology' }), '#/topology'],
    ['a deep link', (): string => `lockstep://run/${runId}`, `#/runs/${runId}`],
  ] as const)('goes where %s asks, in the window that is there', ([, argument, hash]) =>
    withDesktop(built, {}, async desktop => {
      await startAgain(desktop, argument())
      await desktop.page.waitForFunction(wanted => location.hash.startsWith(wanted), hash)
      expect(await countWindows(desktop)).toBe(1)
    }),
  )

  it('opens the log of a run from elsewhere at its run', () =>
    withDesktop(
      built,
      { options: { importFile: new URL('../fixtures/runs/0.1.0-migrated.jsonl', import.meta.url).pathname } },
      async ({ page }) => {
        expect(await page.evaluate(() => location.hash)).toContain(runId)
      },
    ))

  it('carries commands of the menu to the page, and a look again after the machine slept', () =>
    withDesktop(built, {}, async ({ app, page }) => {
      await page.evaluate(() => {
        const home = globalThis as { heard?: string[] }
        const heard: string[] = []
        home.heard = heard
        window.lockstep?.onCommand(id => heard.push(id))
      })
      await app.evaluate(({ Menu, powerMonitor }) => {
        Menu.getApplicationMenu()?.getMenuItemById('go.topology')?.click()
        powerMonitor.emit('resume')
      })
      await page.waitForFunction(() => (globalThis as { heard?: string[] }).heard?.length === 2)
      expect(await page.evaluate(() => (globalThis as { heard?: string[] }).heard)).toEqual([
        'go.topology',
        'view.reload',
      ])
    }))

  it('opens its window where it was closed', async () => {
    const userData = mkdtempSync(join(tmpdir(), 'lockstep-desktop-kept-'))
    const bounds = { x: 40, y: 60, width: 1000, height: 700 }
    try {
      await withDesktop(built, { userData }, async ({ app }) => {
        await app.evaluate(({ BrowserWindow }, wanted) => {
          BrowserWindow.getAllWindows()[0]?.setBounds(wanted)
        }, bounds)
        await app.close()
      })
      await withDesktop(built, { userData }, async ({ app }) => {
        const found = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
        expect(found).toEqual(bounds)
      })
    } finally {
      rmSync(userData, { recursive: true, force: true })
    }
  })
})

interface Shown {
  readonly notifications: readonly { title: string; body: string; emit(event: string): void }[]
}

/** The playing engine stops its run in the middle, until it is resumed. */
async function startRun(desktop: Desktop): Promise<void> {
  await follow(desktop)
  await ask(desktop, 'demo.open')
  await waitUntil(() => isRunAtWork(desktop), 'the shell to know of the run')
}

function isRunAtWork({ page }: Desktop): Promise<boolean> {
  return page.evaluate(async () => {
    const reply = await window.lockstep?.request('session.read', {})
    return reply?.ok === true && (reply.value as { activeRuns: readonly unknown[] }).activeRuns.length === 1
  })
}

function ask({ page }: Desktop, name: string): Promise<unknown> {
  return page.evaluate(
    ([request, run]) =>
      window.lockstep?.request(request, request.startsWith('run.') ? { runId: run, confirmation: null } : {}),
    [name, runId] as const,
  )
}

/** Collects the sequence numbers of the run's events in the page. */
async function follow({ page }: Desktop): Promise<void> {
  await page.evaluate(async run => {
    const home = globalThis as { followed?: number[] }
    const followed: number[] = []
    home.followed = followed
    window.lockstep?.subscribe(event => {
      if (event.type === 'run.events')
        followed.push(...(event.events as readonly RunEvent[]).map(({ seq }) => seq))
    })
    await window.lockstep?.request('run.follow', { runId: run, afterSeq: 0 })
  }, runId)
}

function readFollowed({ page }: Desktop): Promise<readonly number[]> {
  return page.evaluate(() => (globalThis as { followed?: number[] }).followed ?? [])
}

function readNotices({ app }: Desktop): Promise<readonly string[]> {
  return app.evaluate(electron => {
    const { shown } = (electron as unknown as { standIn: { shown: Shown } }).standIn
    return shown.notifications.map(({ title, body }) => `${title}: ${body}`)
  })
}

async function closeWindow({ app }: Desktop): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
}

function countWindows({ app }: Desktop): Promise<number> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
}

/** Starts the program once more; the second instance hands over and ends. */
function startAgain({ built, userData }: Desktop, argument: string): Promise<void> {
  const args = process.platform === 'linux' ? ['--no-sandbox'] : []
  const child = spawn(built.program, [...args, `--user-data-dir=${userData}`, built.main, argument], {
    stdio: 'ignore',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', code =>
      code === 0 ? resolve() : reject(new Error(`the second start ended with ${code}`)),
    )
  })
}
