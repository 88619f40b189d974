import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { forkProcess } from '../../../electron/host/processes/fork-process.ts'
import { superviseProcesses } from '../../../electron/host/processes/supervise-processes.ts'
import { choiceOf } from '../../../electron/host/project/choice-of.ts'
import type { EngineService } from '../../../electron/host/service/interface/service.ts'
import { type EngineFixture, openEngineFixture } from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { connectClient, passingSettings, type TestClient } from '../service/service-bench.ts'

const built = (): string => join(dirname(inject('launcher')), '../../dist')

describe('the parts of the program', () => {
  let fixture: EngineFixture
  let service: EngineService | null = null
  let started: { readonly part: string; readonly child: ChildProcess }[] = []

  beforeAll(async () => {
    fixture = await openEngineFixture()
  })
  afterAll(() => fixture.close())

  beforeEach(async () => {
    await fixture.reset()
    fixture.writeProject(passingSettings)
    started = []
  })
  afterEach(async () => {
    await service?.close()
    service = null
  })

  const open = (
    environment: Readonly<Record<string, string>> = {},
    file: string | null = fixture.file,
  ): TestClient => {
    const start = forkProcess(
      built(),
      { ...process.env, LOCKSTEP_STATE_DIR: fixture.stateFolder, ...environment },
      (part, child) => void started.push({ part, child }),
    )
    const choice = file === null ? null : choiceOf(file)
    service = superviseProcesses({ start, options: { choice: choice as never, readOnly: false } })
    return connectClient(service)
  }

  const apply = async (client: TestClient): Promise<string> => {
    const { plan } = await client.ask('plan.make', { target: [], tenants: [] })
    const { planId } = plan
    await client.ask('plan.approve', { planId, confirmation: null, comment: '' })
    return (await client.ask('run.start', { planId, confirmation: null })).runId
  }
  const hasLost = (client: TestClient): boolean => client.events.some(one => one.type === 'engine.ended')

  it('carry a run from its plan to its end across the process boundary, and leave no process', async () => {
    const client = open()
    const runId = await apply(client)
    await client.ask('run.follow', { runId, afterSeq: 0 })
    const events = await client.untilFinished(runId)
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
    await service?.close()
    // The signal that follows the engine's last word may meet it while it is leaving by itself.
    expect(['0', 'SIGTERM']).toContain(
      started.map(({ child }) => String(child.exitCode ?? child.signalCode)).join(),
    )
  })

  it('say which run a killed engine cut off; the next engine opens the same project and settles it', async () => {
    const client = open({ LOCKSTEP_FAULT: 'kill:after:tenant.voted:2' })
    const before = await fixture.read()
    const runId = await apply(client)
    await waitUntil(() => hasLost(client), 'the engine to be lost', 60)
    expect(client.events.find(one => one.type === 'engine.ended')).toEqual({ type: 'engine.ended', runId })
    expect(await fixture.prepared()).not.toEqual([])

    const session = await client.ask('session.read', {})
    expect(session.project?.file).toBe(fixture.file)
    const overview = await client.ask('overview.read', {})
    expect(overview.readiness).toMatchObject({ verdict: 'needs_human', action: { kind: 'recover', runId } })
    await client.ask('run.recover', { runId, confirmation: null })
    await waitUntil(
      async () => (await client.ask('run.read', { runId })).summary.outcome !== null,
      'the run to be settled',
      60,
    )
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })

  it('undo a run and end by themselves when the shell is gone', async () => {
    const client = open()
    const before = await fixture.read()
    const runId = await apply(client)
    await client.ask('run.pause', { runId, confirmation: null })
    await waitUntil(
      async () => (await client.ask('session.read', {})).activeRuns[0]?.control === 'paused',
      'the run to be paused',
      60,
    )
    const engine = started[0]?.child
    engine?.disconnect()
    await waitUntil(() => engine?.exitCode === 0, 'the engine to end', 30)
    expect(await fixture.read()).toEqual(before)
    expect(await fixture.prepared()).toEqual([])
  })

  it('keep the sandbox when the engine is lost, open it again, and remove it in the end', async () => {
    const client = open({}, null)
    const { demo } = await client.ask('demo.open', {})
    const folder = demo.state === 'running' ? demo.folder : ''
    const lost = started.find(one => one.part === 'engine')?.child
    lost?.kill('SIGKILL')
    await waitUntil(() => hasLost(client), 'the engine to be lost', 30)
    const session = await client.ask('session.read', {})
    expect(session.demo).toEqual({ state: 'running', folder })
    expect(session.project).toMatchObject({ folder, isDemo: true })
    expect(started.map(one => one.part)).toEqual(['engine', 'sandbox', 'engine'])

    const view = await client.ask('plan.read', { planId: 'last' })
    expect(view.record.state).toBe('waiting')
    // One tenant has an index of its own, on purpose: drift warns of it.
    expect(view.gates.map(check => [check.gate, check.answer.verdict])).toEqual(
      view.gates.map(({ gate }) => [gate, gate === 'drift' ? 'warned' : 'passed']),
    )
    const { attention, fleet } = await client.ask('overview.read', {})
    expect((await client.ask('run.list', {})).map(run => run.outcome)).toEqual(['rolled_back', 'migrated'])
    expect(attention.map(item => item.kind)).toEqual(['failed', 'waiting', 'note'])
    expect(fleet).toMatchObject({ target: ['0004'], tenants: 6, behind: 6 })
    const { planId } = view.plan
    await client.ask('plan.approve', { planId, confirmation: null, comment: '' })
    const { runId } = await client.ask('run.start', { planId, confirmation: null })
    await client.ask('run.follow', { runId, afterSeq: 0 })
    const events = await client.untilFinished(runId)
    expect(events.at(-1)).toMatchObject({ outcome: 'migrated' })

    await service?.close()
    expect(existsSync(folder)).toBe(false)
    for (const { child } of started) expect(child.exitCode ?? child.signalCode).not.toBeNull()
  })
})
