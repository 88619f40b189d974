import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineApi, EngineEvent, OutputOf, Reply } from '../../shared/api/engine-api.ts'
import { type LockstepHome, openLockstepHome, type RunningLockstep } from '../support/run-lockstep.ts'
import { waitUntil } from '../support/wait-until.ts'
import { openNodeBrowser } from './node-browser.ts'

let home: LockstepHome

beforeEach(() => {
  home = openLockstepHome()
})

afterEach(() => home.close())

/** The address that a started dashboard prints. */
async function addressOf(shell: RunningLockstep): Promise<string> {
  await waitUntil(() => shell.stdout().endsWith('\n') || shell.process.exitCode !== null, 'the address', 60)
  return shell.stdout().trim()
}

function unwrap<Value>(reply: Reply<Value>): Value {
  if (!reply.ok) throw new Error(`refused: ${JSON.stringify(reply.failure)}`)
  return reply.value
}

async function waitForDemo(api: EngineApi): Promise<void> {
  let session: OutputOf<'session.read'> | null = null
  await waitUntil(
    async () => {
      session = unwrap(await api.request('session.read', {}))
      if (session.demo.state === 'failed') throw new Error(JSON.stringify(session.demo.failure))
      return session.demo.state === 'running' && session.project?.isDemo === true
    },
    'the sandbox',
    120,
  )
}

/** Approves the plan that waits in the sandbox, and starts it. */
async function startRun(api: EngineApi): Promise<string> {
  const { plan } = unwrap(await api.request('plan.read', { planId: 'last' }))
  const { planId } = plan
  unwrap(await api.request('plan.approve', { planId, confirmation: null, comment: '' }))
  return unwrap(await api.request('run.start', { planId, confirmation: null })).runId
}

/** Every number of a run's events, as a page collects them. */
function follow(api: EngineApi, runId: string): { readonly seen: number[]; readonly types: string[] } {
  const seen: number[] = []
  const types: string[] = []
  api.subscribe((event: EngineEvent) => {
    if (event.type !== 'run.events' || event.runId !== runId) return
    for (const one of event.events) {
      seen.push(one.seq)
      types.push(one.type)
    }
  })
  api.watchConnection(({ state }) => {
    if (state === 'connected') void api.request('run.follow', { runId, afterSeq: seen.at(-1) ?? 0 })
  })
  return { seen, types }
}

describe('lockstep open --web', () => {
  it('prints one address on standard output, says why it is a browser, and ends with Ctrl-C', async () => {
    const shell = home.start(['open'])
    expect(await addressOf(shell)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    expect(shell.stderr()).toMatch(/^Shown in a browser: there is no screen/)
    const { api } = openNodeBrowser(await addressOf(shell))
    expect(unwrap(await api.request('session.read', {}))).toMatchObject({ project: null, readOnly: false })
    shell.signal('SIGINT')
    const { exitCode, stdout } = await shell.ended
    expect(exitCode).toBe(0)
    expect(stdout.trim().split('\n')).toHaveLength(1)
    expect(await home.traces([Number(new URL(stdout).port)])).toEqual([])
  })

  it('is of no use twice: a second browser needs an address of its own', async () => {
    const shell = home.start(['open', '--web'])
    const address = await addressOf(shell)
    const first = openNodeBrowser(address)
    unwrap(await first.api.request('session.read', {}))
    const second = openNodeBrowser(address)
    expect(await second.api.request('session.read', {})).toMatchObject({ ok: false })
    second.api.watchConnection(state => expect(state).toEqual({ state: 'closed', reason: 'not_signed_in' }))
    shell.signal('SIGTERM')
    expect((await shell.ended).exitCode).toBe(0)
  })

  it('hands --read-only on to the engine, which refuses what changes something', async () => {
    const environment = { LOCKSTEP_DEBUG: 'web,service,processes' }
    const shell = home.start(['open', '--web', '--read-only'], { environment })
    const address = await addressOf(shell)
    const { api } = openNodeBrowser(address)
    expect(unwrap(await api.request('session.read', {})).readOnly).toBe(true)
    expect(await api.request('demo.open', {})).toMatchObject({ ok: false, failure: { kind: 'read_only' } })
    shell.signal('SIGINT')
    const { stderr } = await shell.ended
    // The debug log of the shell and of the engine, which is a process of its own.
    expect(stderr).toMatch(/ processes started \d+: .*engine\.js/)
    expect(stderr).toMatch(/ web {7}POST \/session: 200, /)
    expect(stderr).toMatch(/ web {7}connection: accepted/)
    expect(stderr).toMatch(/ service {3}demo\.open: read_only, /)
    expect(stderr).not.toContain(new URL(address).hash.slice('#token='.length))
  })

  it('runs the plan of the sandbox, and shows every event once though the connection is cut', async () => {
    const shell = home.start(['open', '--web', '--demo'])
    const { api, sockets } = openNodeBrowser(await addressOf(shell))
    await waitForDemo(api)
    const runId = await startRun(api)
    const { seen, types } = follow(api, runId)
    for (const count of [5, 20]) {
      await waitUntil(() => seen.length >= count, `${count} events`)
      sockets.at(-1)?.terminate()
    }
    await waitUntil(() => types.at(-1) === 'run.finished', 'the end of the run', 60)
    expect(seen).toEqual(seen.map((_, index) => index + 1))
    const { state } = unwrap(await api.request('run.read', { runId }))
    expect(state.outcome).toBe('migrated')
    // Its last event is written before the engine has let go of it.
    await waitUntil(
      async () => unwrap(await api.request('session.read', {})).activeRuns.length === 0,
      'the engine to let go of the run',
    )
    shell.signal('SIGINT')
    expect((await shell.ended).exitCode).toBe(0)
    expect(await home.traces()).toEqual([])
  })

  it('interrupts, undoes and waits for a run when a terminal is left with Ctrl-C', async () => {
    const shell = home.start(['open', '--web', '--demo'])
    const { api } = openNodeBrowser(await addressOf(shell))
    await waitForDemo(api)
    const runId = await startRun(api)
    const { seen } = follow(api, runId)
    await waitUntil(() => seen.length > 0, 'the first event')
    // A terminal gives it to every process at once.
    process.kill(-(shell.process.pid ?? 0), 'SIGINT')
    const { exitCode, stderr } = await shell.ended
    expect(stderr).toContain(`run ${runId} is interrupted, undone and waited for`)
    expect(exitCode).toBe(130)
    const kept = await home.run(['report', runId, '--json'])
    expect(JSON.parse(kept.stdout)).toMatchObject({
      outcome: expect.stringMatching(/^(interrupted|terminated)$/),
    })
    expect(await home.traces()).toEqual([])
  })
})
