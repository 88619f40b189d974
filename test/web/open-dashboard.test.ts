import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { outcomeOfInterruption } from '../../electron/engine/context/decide-outcome.ts'
import { type LaunchOptions, parseLaunchOptions } from '../../electron/host/processes/launch-options.ts'
import type { DashboardTerminal } from '../../electron/web/dashboard-terminal.ts'
import { openDashboard } from '../../electron/web/open-dashboard.ts'
import type { Reply } from '../../shared/api/engine-api.ts'
import type { ActiveRun } from '../../shared/api/session-view.ts'
import type { Outcome } from '../../shared/run/outcome.ts'
import { waitUntil } from '../support/wait-until.ts'
import { createFakeService, type FakeService } from './fake-service.ts'
import { openSocket, signInAt } from './open-web.ts'

let folder: string
let files: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-dashboard-'))
  files = join(folder, 'renderer')
  mkdirSync(files)
  writeFileSync(join(files, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'events.jsonl'), '{"v":1}\n')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Opened {
  readonly printed: string[]
  readonly said: string[]
  readonly service: FakeService
  /** Null until it has ended. */
  readonly ended: Promise<number>
  interrupt(signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void
  /** Does not wait for what is undone. */
  leave(): void
  pressEnter(): void
  /** Lets so many minutes pass. */
  pass(minutes: number): void
  /** How often it was checked whether a page is connected. */
  looks(): number
}

interface Given {
  readonly options?: Partial<LaunchOptions>
  readonly activeRuns?: () => readonly ActiveRun[]
  readonly terminal?: Partial<DashboardTerminal>
  readonly answer?: (name: string) => Reply<unknown> | null
  /** How the run at work ends. */
  readonly outcome?: Outcome | null
  /** Never ends what is at work. */
  readonly isStuck?: boolean
}

/** Opens a dashboard in front of a person who is the test. */
function open({
  options = {},
  activeRuns = () => [],
  terminal = {},
  answer = () => null,
  outcome,
  isStuck = false,
}: Given = {}): Opened {
  const printed: string[] = []
  const said: string[] = []
  let interrupt: Opened['interrupt'] = () => undefined
  let leave = (): void => undefined
  let pressEnter = (): void => undefined
  let now = 0
  let looks = 0
  const fake = createFakeService(
    name =>
      answer(name) ?? {
        ok: true,
        value: name === 'run.import' ? { runId: '01IMPORTED' } : { activeRuns: activeRuns() },
      },
    by =>
      activeRuns().some(run => run.isOurs)
        ? { runId: '01RUN', outcome: outcome === undefined ? outcomeOfInterruption(by) : outcome }
        : null,
  )
  const service: FakeService = isStuck ? { ...fake, close: () => new Promise(() => undefined) } : fake
  const ended = openDashboard(
    { ...parseLaunchOptions('{}'), ...options },
    {
      service,
      files,
      terminal: {
        print: line => printed.push(line),
        say: line => said.push(line),
        onEnter: listener => {
          pressEnter = listener
          return () => {
            pressEnter = () => undefined
          }
        },
        sshConnection: null,
        ...terminal,
      },
      clock: {
        now: () => '',
        random: () => 0,
        monotonicMs: () => now,
        sleep: () => {
          looks += 1
          return new Promise(resolve => setImmediate(resolve))
        },
      },
      interrupted: new Promise(resolve => {
        interrupt = resolve
      }),
      left: new Promise(resolve => {
        leave = resolve
      }),
    },
  )
  return {
    printed,
    said,
    service,
    ended,
    interrupt: signal => interrupt(signal),
    leave: () => leave(),
    pressEnter: () => pressEnter(),
    pass: minutes => {
      now += minutes * 60_000
    },
    looks: () => looks,
  }
}

const ours: ActiveRun = { runId: '01RUN', startedAt: null, control: 'running', isOurs: true }
const address = /^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/

/** Signs in at the address that was printed, and connects. */
async function connectTo(opened: Opened) {
  await waitUntil(() => opened.printed.length === 1, 'the address')
  const { origin, host } = new URL(opened.printed[0] ?? '')
  const session = await signInAt(opened.printed[0] ?? '')
  return openSocket(`ws://${host}/engine`, session, { host, origin })
}

describe('a dashboard that was opened', () => {
  it('prints one address on standard output, and everything else for people', async () => {
    const opened = open()
    await waitUntil(() => opened.printed.length === 1, 'the address')
    expect(opened.printed).toEqual([expect.stringMatching(address)])
    expect(opened.said).toEqual([
      'The dashboard is open at this address. It signs in one browser, once; Ctrl-C ends it.',
      'Enter shows another address, which replaces this one.',
    ])
    opened.interrupt('SIGINT')
    expect(await opened.ended).toBe(0)
    expect(opened.printed).toHaveLength(1)
    expect(opened.service.isClosed()).toBe(true)
    expect(opened.service.countClients()).toBe(0)
  })

  it('gives another address when Enter is pressed, for people only', async () => {
    const opened = open()
    await waitUntil(() => opened.printed.length === 1, 'the address')
    opened.pressEnter()
    expect(opened.said.at(-1)).toMatch(address)
    expect(opened.said.at(-1)).not.toBe(opened.printed[0])
    await expect(signInAt(opened.printed[0] ?? '')).rejects.toThrow('401')
    await signInAt(opened.said.at(-1) ?? '')
    opened.interrupt('SIGINT')
    await opened.ended
  })

  it('says nothing of Enter where nobody sits in front of it', async () => {
    const opened = open({ terminal: { onEnter: null } })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    expect(opened.said).toHaveLength(1)
    opened.interrupt('SIGINT')
    await opened.ended
  })

  it.each([
    ['10.0.0.9 50000 10.0.0.1 22', ''],
    ['fe80::1 50000 fe80::2 2222', ' -p 2222'],
  ])('says over SSH (%s) how its port is reached', async (sshConnection, port) => {
    const opened = open({ terminal: { sshConnection, onEnter: null } })
    await waitUntil(() => opened.said.length === 2, 'the command')
    const own = new URL(opened.printed[0] ?? '').port
    const host = sshConnection.split(' ')[2]
    expect(opened.said[1]).toBe(
      `From your own machine, first: ssh -L ${own}:127.0.0.1:${own}${port} ${userInfo().username}@${host}`,
    )
    opened.interrupt('SIGTERM')
    expect(await opened.ended).toBe(0)
  })

  it('leads to the view that was asked for', async () => {
    const opened = open({ options: { open: '#/runs/last' } })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    expect(opened.printed[0]).toMatch(/&at=%2Fruns%2Flast$/)
    opened.interrupt('SIGINT')
    await opened.ended
  })
})

describe('the sandbox', () => {
  it('is asked for at once, and what becomes of it is said', async () => {
    const opened = open({ options: { demo: true } })
    await waitUntil(() => opened.service.requests.some(one => one.name === 'demo.open'), 'the request')
    opened.service.publish({ type: 'progress', task: 'demo', line: 'starting 3 servers' })
    opened.service.publish({ type: 'progress', task: 'plan', line: 'reading tenants' })
    expect(opened.said.at(-1)).toBe('starting 3 servers')
    opened.interrupt('SIGINT')
    await opened.ended
  })

  it('that cannot be started leaves the dashboard open, and says why', async () => {
    const failure = { kind: 'sandbox_failed', problem: 'no binaries', fix: 'npm install' } as const
    const opened = open({
      options: { demo: true },
      answer: name => (name === 'demo.open' ? { ok: false, failure } : null),
    })
    await waitUntil(() => opened.said.some(line => line.startsWith('error: ')), 'the failure')
    const socket = await connectTo(opened)
    expect(socket.readyState).toBe(socket.OPEN)
    opened.interrupt('SIGINT')
    await opened.ended
  })
})

describe('the log of a run from elsewhere', () => {
  it('is imported before the address is shown, and shown by it', async () => {
    const opened = open({ options: { importFile: join(folder, 'events.jsonl') } })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    expect(opened.service.requests).toEqual([
      { client: 1, name: 'run.import', input: { name: 'events.jsonl', text: '{"v":1}\n' } },
    ])
    expect(opened.printed[0]).toMatch(/&at=%2Fruns%2F01IMPORTED$/)
    opened.interrupt('SIGINT')
    await opened.ended
  })

  it('that cannot be read ends the start, and the engine', async () => {
    const opened = open({ options: { importFile: join(folder, 'missing.jsonl') } })
    await expect(opened.ended).rejects.toMatchObject({ failure: { kind: 'file_unreadable' } })
    expect(opened.printed).toEqual([])
    expect(opened.service.isClosed()).toBe(true)
  })

  it('that is refused ends the start with what the engine says', async () => {
    const failure = { kind: 'log_damaged', file: 'events.jsonl', line: 1, problem: 'not JSON' } as const
    const opened = open({
      options: { importFile: join(folder, 'events.jsonl') },
      answer: name => (name === 'run.import' ? { ok: false, failure } : null),
    })
    await expect(opened.ended).rejects.toMatchObject({ failure })
  })
})

describe('the end', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s says which run it interrupts, and gives %i', async (signal, code) => {
    const opened = open({ activeRuns: () => [ours] })
    const socket = await connectTo(opened)
    const closed = new Promise(resolve => socket.once('close', resolve))
    opened.interrupt(signal)
    expect(await opened.ended).toBe(code)
    expect(await closed).toBe(4001)
    expect(opened.said.at(-1)).toBe('The dashboard ends: run 01RUN is interrupted, undone and waited for.')
    expect(opened.service.isClosed()).toBe(true)
  })

  it.each([
    ['migrated', 0],
    ['needs_human', 6],
    [null, 6],
  ] as const)('gives the exit code of a run that ended %s: %i', async (outcome, code) => {
    const opened = open({ activeRuns: () => [ours], outcome })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    opened.interrupt('SIGTERM')
    expect(await opened.ended).toBe(code)
    const says = 'Tenants may stay prepared and locked. Next: lockstep recover 01RUN'
    expect(opened.said.includes(says)).toBe(code === 6)
  })

  it('that does not wait for what is undone says what that may leave, with 6', async () => {
    const opened = open({ activeRuns: () => [ours], isStuck: true })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    opened.interrupt('SIGINT')
    await waitUntil(() => opened.said.at(-1)?.startsWith('The dashboard ends') === true, 'the end')
    opened.leave()
    expect(await opened.ended).toBe(6)
    expect(opened.said.at(-1)).toBe('Tenants may stay prepared and locked. Next: lockstep recover 01RUN')
  })

  it("does not count a terminal's run: it goes on", async () => {
    const opened = open({ activeRuns: () => [{ ...ours, isOurs: false }] })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    opened.interrupt('SIGINT')
    expect(await opened.ended).toBe(0)
    expect(opened.said.at(-1)).toBe('The dashboard ends.')
  })

  it('comes by itself when nobody was connected for long enough', async () => {
    const opened = open({ options: { idleMinutes: 60 } })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    opened.pass(59)
    await staysOpen(opened)
    opened.pass(1)
    expect(await opened.ended).toBe(0)
    expect(opened.said.at(-1)).toBe('The dashboard ends: no page was connected for 60 minutes.')
    expect(opened.service.isClosed()).toBe(true)
  })

  it('does not come while somebody is connected, and counts from when they left', async () => {
    const opened = open({ options: { idleMinutes: 60 } })
    const socket = await connectTo(opened)
    opened.pass(600)
    await staysOpen(opened)
    socket.close()
    await waitUntil(() => opened.service.countClients() === 1, 'the page to leave')
    opened.pass(59)
    await staysOpen(opened)
    opened.pass(2)
    expect(await opened.ended).toBe(0)
  })

  it('does not come while a run is at work', async () => {
    let runs: readonly ActiveRun[] = [ours]
    const opened = open({ options: { idleMinutes: 60 }, activeRuns: () => runs })
    await waitUntil(() => opened.printed.length === 1, 'the address')
    opened.pass(600)
    await waitUntil(
      () => opened.service.requests.filter(one => one.name === 'session.read').length > 3,
      'looks',
    )
    await staysOpen(opened)
    runs = []
    expect(await opened.ended).toBe(0)
  })

  it('never comes by itself with 0 minutes: nobody looks', async () => {
    const opened = open({ options: { idleMinutes: 0 } })
    const socket = await connectTo(opened)
    socket.close()
    await waitUntil(() => opened.service.countClients() === 1, 'the page to leave')
    expect(opened.looks()).toBe(0)
    opened.interrupt('SIGINT')
    await opened.ended
  })
})

describe('a port', () => {
  it('that is taken is refused in words, and the engine ends', async () => {
    const other: Server = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    const opened = open({ options: { port } })
    await expect(opened.ended).rejects.toMatchObject({
      failure: { kind: 'usage', problem: `port ${port} is taken by another program` },
    })
    expect(opened.service.isClosed()).toBe(true)
    await new Promise(resolve => other.close(resolve))
  })
})

/** Waits until it was looked often enough that an end would have come. */
async function staysOpen(opened: Opened): Promise<void> {
  const until = opened.looks() + 5
  const first = await Promise.race([
    opened.ended.then(() => 'ended'),
    waitUntil(() => opened.looks() > until, 'looks').then(() => 'open'),
  ])
  expect(first).toBe('open')
}
