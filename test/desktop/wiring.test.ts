import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { describeLeaving } from '../../electron/desktop/ask-before-leaving.ts'
import { type Asker, answerRequest, type Sender } from '../../electron/desktop/bridge/answer-requests.ts'
import { collectEvents } from '../../electron/desktop/bridge/connect-window.ts'
import { buildMenu } from '../../electron/desktop/build-menu.ts'
import { isPermitted } from '../../electron/desktop/guard-pages.ts'
import {
  isHash,
  parseDeepLink,
  readLaunchOptions,
  readOpenRequest,
} from '../../electron/desktop/read-start.ts'
import { noticeOf, toRunBadge } from '../../electron/desktop/run-badge.ts'
import { answerFile, findFile } from '../../electron/desktop/serve-app.ts'
import { limitRate } from '../../electron/desktop/window/revive-page.ts'
import { listContextItems } from '../../electron/desktop/window/show-context-menu.ts'
import { readWindowBounds, writeWindowBounds } from '../../electron/desktop/window/window-bounds.ts'
import type { EngineEvent } from '../../shared/api/engine-api.ts'
import { commands } from '../../shared/commands/command-list.ts'
import { foldAll } from '../../shared/run/fold-run.ts'
import { readRecording } from '../support/dashboard/read-recording.ts'

vi.mock('electron', () => ({
  app: {},
  BrowserWindow: class {},
  crashReporter: {},
  dialog: {},
  ipcMain: {},
  Menu: {},
  nativeTheme: {},
  Notification: class {},
  powerSaveBlocker: {},
  protocol: {},
  safeStorage: {},
  screen: {},
  session: {},
}))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-wiring-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a request of a page', () => {
  const frame = { url: 'app://lockstep/#/runs' }
  const page = { senderFrame: frame, sender: { mainFrame: frame } } as unknown as Sender
  const asker: Asker = { isPage: () => true, request: async () => ({ ok: true, value: 'answered' }) }
  const from = (change: object): Sender => ({ ...page, ...change })

  it('is answered when it comes from the page and is in the contract', async () => {
    expect(await answerRequest(asker, page, 'session.read', {})).toEqual({ ok: true, value: 'answered' })
  })

  it.each<[string, Asker | null, Sender, unknown, unknown, string]>([
    ['no window is open', null, page, 'session.read', {}, 'this page may not ask'],
    [
      'another window asks',
      { ...asker, isPage: () => false },
      page,
      'session.read',
      {},
      'this page may not ask',
    ],
    ['its frame has gone', asker, from({ senderFrame: null }), 'session.read', {}, 'this page may not ask'],
    [
      'a frame inside the page asks',
      asker,
      from({ senderFrame: { url: 'app://lockstep/' } }),
      'session.read',
      {},
      'this page may not ask',
    ],
    [
      'the page has gone elsewhere',
      asker,
      from({ senderFrame: { url: 'app://other/' }, sender: { mainFrame: { url: 'app://other/' } } }),
      'session.read',
      {},
      'this page may not ask',
    ],
    ['its name is unknown', asker, page, 'session.erase', {}, 'there is no such request'],
    ['its name is a member of every object', asker, page, 'constructor', {}, 'there is no such request'],
    ['its name is no text', asker, page, { toString: () => 'session.read' }, {}, 'there is no such request'],
    ['its input is no JSON', asker, page, 'session.read', { at: new Date(0) }, 'the input is not JSON'],
    ['it has no input', asker, page, 'session.read', undefined, 'the input is not JSON'],
  ])('is refused as data when %s', async (_title, given, sender, name, input, problem) => {
    expect(await answerRequest(given, sender, name, input)).toMatchObject({
      ok: false,
      failure: { kind: 'request_invalid', problem },
    })
  })

  it('is answered with a failure when the engine throws', async () => {
    const broken: Asker = { ...asker, request: () => Promise.reject(new Error('broken')) }
    expect(await answerRequest(broken, page, 'session.read', {})).toMatchObject({ ok: false })
  })
})

describe('the files of the dashboard', () => {
  it.each([
    ['app://lockstep/', 'index.html'],
    ['app://lockstep/?x#/runs', 'index.html'],
    ['app://lockstep/assets/a.js', 'assets/a.js'],
  ])('%s is %s', (url, file) => {
    expect(findFile(folder, url)).toBe(join(folder, file))
  })

  it.each([
    'app://other/index.html',
    'https://lockstep/index.html',
    'app://lockstep/..%2f..%2fetc/passwd.html',
    'app://lockstep/%2e%2e%2fsecret.js',
    'app://lockstep/desktop.log',
    'app://lockstep/main.map',
    'app://lockstep/a%00.js',
    'app://lockstep/%E0%A4%A.js',
    'not an address',
  ])('nothing is served for %s', url => {
    expect(findFile(folder, url)).toBeNull()
  })

  it('are sent with the policy, and refusals too', async () => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<!doctype html>')
    const found = await answerFile(folder, 'GET', 'app://lockstep/')
    expect([found.status, await found.text(), found.headers.get('content-type')]).toEqual([
      200,
      '<!doctype html>',
      'text/html; charset=utf-8',
    ])
    const missing = await answerFile(folder, 'GET', 'app://lockstep/missing.html')
    const posted = await answerFile(folder, 'POST', 'app://lockstep/')
    expect([missing.status, posted.status]).toEqual([404, 404])
    for (const answer of [found, missing, posted]) {
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })
})

describe('permissions', () => {
  it('are denied, but for copying by the dashboard', () => {
    expect(isPermitted('clipboard-sanitized-write', 'app://lockstep/')).toBe(true)
    expect(isPermitted('clipboard-sanitized-write', 'https://example.com/')).toBe(false)
    expect(isPermitted('clipboard-read', 'app://lockstep/')).toBe(false)
    expect(isPermitted('media', 'app://lockstep/')).toBe(false)
  })
})

describe('what a start asks for', () => {
  const runId = '01M82BQ88D8MGZ62A1HKJP13AN'

  it.each([
    [`lockstep://run/${runId}`, `#/runs/${runId}`],
    [`lockstep://run/${runId}/`, `#/runs/${runId}`],
    [`lockstep://run/${runId}?apply=1`, null],
    [`lockstep://apply/${runId}`, null],
    ['lockstep://run/../settings', null],
    [`https://run/${runId}`, null],
  ])('the link %s leads to %s', (link, hash) => {
    expect(parseDeepLink(link)).toBe(hash)
  })

  it('is read from the arguments of the operating system', () => {
    expect(readOpenRequest(['/usr/bin/lockstep', '--flag', `lockstep://run/${runId}`])).toEqual({
      hash: `#/runs/${runId}`,
      file: null,
    })
    expect(readOpenRequest(['/usr/bin/lockstep', 'run.jsonl'])).toEqual({ hash: null, file: 'run.jsonl' })
    expect(readOpenRequest(['/usr/bin/lockstep', '{}'])).toEqual({ hash: null, file: null })
  })

  it('is nothing without an argument of JSON, and an error with a wrong one', () => {
    expect(readLaunchOptions(['electron', 'desktop.js'])).toMatchObject({ choice: null, demo: false })
    expect(readLaunchOptions(['electron', 'desktop.js', '{"demo":true}'])).toMatchObject({ demo: true })
    expect(() => readLaunchOptions(['electron', '{"demos":true}'])).toThrow()
  })

  it('is an address inside the dashboard only', () => {
    expect(['#/runs/last?line=12', '#/', 'https://x', '#javascript:x', '#/<b>'].map(isHash)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('the window', () => {
  const screens = [{ x: 0, y: 0, width: 1920, height: 1080 }]
  const file = (): string => join(folder, 'window.json')

  it('opens where it was', () => {
    const bounds = { x: 10, y: 20, width: 1200, height: 800, isMaximized: true }
    writeWindowBounds(file(), bounds)
    expect(readWindowBounds(file(), screens)).toEqual(bounds)
  })

  it.each([
    ['on a screen that is gone', '{"x":4000,"y":0,"width":1000,"height":700,"isMaximized":false}'],
    ['with its title bar above the screen', '{"x":0,"y":-50,"width":1000,"height":700,"isMaximized":false}'],
    ['nowhere', '{"x":0,"width":1000,"height":700,"isMaximized":false}'],
    ['in a torn file', '{"x":0'],
  ])('opens in the middle when it was %s', (_title, text) => {
    writeFileSync(file(), text)
    expect(readWindowBounds(file(), screens)).toBeNull()
  })

  it('is never smaller than what the dashboard needs', () => {
    writeWindowBounds(file(), { x: 0, y: 0, width: 10, height: 10, isMaximized: false })
    expect(readWindowBounds(file(), screens)).toMatchObject({ width: 960, height: 600 })
  })

  it('is loaded again at most twice a minute', () => {
    const may = limitRate(2, 60_000)
    expect([0, 1_000, 2_000, 60_000, 60_001].map(may)).toEqual([true, true, false, true, false])
  })
})

describe('the question before a window closes', () => {
  it('offers to keep the run, to pause it, or to stay, and stays by default', () => {
    const { options, answers } = describeLeaving({
      runId: 'r',
      startedAt: null,
      control: 'running',
      isOurs: true,
    })
    expect(options.buttons).toEqual(['Keep running in background', 'Pause the run and close', 'Stay'])
    expect(answers).toEqual(['keep_running', 'pause', 'stay'])
    expect([options.defaultId, options.cancelId]).toEqual([2, 2])
  })

  it('does not offer to pause a run that is paused', () => {
    const { options, answers } = describeLeaving({
      runId: 'r',
      startedAt: null,
      control: 'paused',
      isOurs: true,
    })
    expect(options.message).toBe('Run r is paused.')
    expect(answers).toEqual(['keep_running', 'stay'])
  })
})

describe('the menu', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('offers every command once, on %s', platform => {
    const chosen: string[] = []
    const items = buildMenu(platform, id => chosen.push(id)).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    )
    for (const item of items) (item.click as (() => void) | undefined)?.()
    expect(chosen.toSorted()).toEqual(commands.map(command => command.id).toSorted())
  })

  it('leaves keys that the page hears to the page', () => {
    const items = buildMenu('linux', () => undefined).flatMap(({ submenu }) =>
      Array.isArray(submenu) ? submenu : [],
    )
    const keysOf = (id: string): unknown => items.find(item => item.id === id)?.registerAccelerator
    expect([keysOf('palette.show'), keysOf('project.open'), keysOf('go.runs')]).toEqual([
      false,
      true,
      undefined,
    ])
  })

  it('of the right button offers what can be done there', () => {
    const roles = (isEditable: boolean, hasSelection: boolean): unknown =>
      listContextItems(isEditable, hasSelection).map(({ role }) => role)
    expect(roles(false, true)).toEqual(['copy'])
    expect(roles(false, false)).toEqual([])
    expect(roles(true, false)).toEqual(['cut', 'copy', 'paste', 'selectAll'])
  })
})

describe('what is shown of a run outside the window', () => {
  const events = readRecording('0.1.0-migrated')
  const started = events.findIndex(event => event.type === 'group.started') + 1
  const at = (count: number) => toRunBadge('01M82BQ88D8MGZ62A1HKJP13AN', foldAll(events.slice(0, count)))

  it('is its progress while it applies, and nothing before and after', () => {
    expect(at(started - 1)).toMatchObject({ isApplying: false, progress: null })
    expect(at(started)).toMatchObject({ isApplying: true, progress: 0 })
    expect(at(events.length)).toMatchObject({ isApplying: false, progress: null, outcome: 'migrated' })
  })

  it('is one notice of its end', () => {
    const notices = events.flatMap((_event, index) => {
      const notice = noticeOf(at(index), at(index + 1))
      return notice === null ? [] : [notice.title]
    })
    expect(notices.at(-1)).toBe('Run 01M82BQ8 finished')
    expect(new Set(notices).size).toBe(notices.length)
  })

  it('is nothing of a run that had ended before it was looked at', () => {
    expect(noticeOf(null, at(events.length))).toBeNull()
  })
})

describe('events for a page', () => {
  const event: EngineEvent = { type: 'runs.changed' }
  const other: EngineEvent = { type: 'topology.changed' }

  it('cross together, in their order', () => {
    vi.useFakeTimers()
    try {
      const sent: (readonly EngineEvent[])[] = []
      const batch = collectEvents(events => sent.push(events))
      batch.add(event)
      batch.add(other)
      expect(sent).toEqual([])
      vi.advanceTimersByTime(16)
      batch.add(event)
      vi.advanceTimersByTime(16)
      expect(sent).toEqual([[event, other], [event]])
    } finally {
      vi.useRealTimers()
    }
  })

  it('of a page that has gone are not sent', () => {
    vi.useFakeTimers()
    try {
      const sent: (readonly EngineEvent[])[] = []
      const batch = collectEvents(events => sent.push(events))
      batch.add(event)
      batch.drop()
      vi.advanceTimersByTime(100)
      expect(sent).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })
})
