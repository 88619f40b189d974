import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EngineService } from '../../../electron/host/service/interface/service.ts'
import type { ActiveRun } from '../../../shared/api/session-view.ts'
import { type EngineFixture, openEngineFixture } from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openService, passingSettings, type TestClient } from './service-bench.ts'

describe('a run of the service', () => {
  let fixture: EngineFixture
  let service: EngineService
  let client: TestClient

  beforeAll(async () => {
    fixture = await openEngineFixture()
  })
  afterAll(() => fixture.close())

  const open = (settings: Readonly<Record<string, unknown>> = passingSettings): void => {
    fixture.writeProject(settings)
    ;({ service, client } = openService(fixture.file, fixture.stateFolder))
  }
  beforeEach(() => fixture.reset())
  afterEach(() => service.close())

  /** Starts a run and follows it. */
  const start = async (confirmation: Parameters<TestClient['ask']>[1] | null = null): Promise<string> => {
    const { plan } = await client.ask('plan.make', { target: [], tenants: [] })
    const { planId } = plan
    await client.ask('plan.approve', { planId, confirmation: { kind: 'acknowledged' }, comment: '' })
    const { runId } = await client.ask('run.start', { planId, confirmation: confirmation as never })
    await client.ask('run.follow', { runId, afterSeq: 0 })
    return runId
  }
  const untilControl = (control: ActiveRun['control'] | null): Promise<void> =>
    waitUntil(
      async () => ((await client.ask('session.read', {})).activeRuns[0]?.control ?? null) === control,
      `the run to be ${control ?? 'over'}`,
      60,
    )

  it('pauses where nothing is prepared, and goes on when it is resumed', async () => {
    open()
    const runId = await start()
    const confirmation = null
    expect(await client.ask('run.pause', { runId, confirmation })).toMatchObject({ control: 'pausing' })
    await untilControl('paused')
    expect(await fixture.prepared()).toEqual([])
    const view = await client.ask('run.read', { runId })
    expect(view).toMatchObject({ control: 'paused', state: { pause: { before: 'group canary' } } })
    expect(view.possible.find(one => one.action === 'resume')).toMatchObject({ refusal: null })
    expect(view.possible.find(one => one.action === 'pause')?.refusal).toMatchObject({ kind: 'not_possible' })
    await client.ask('run.resume', { runId, confirmation })
    const events = await client.untilFinished(runId)
    expect(events.at(-1)).toMatchObject({ outcome: 'migrated' })
    const steps = events.map(event => event.type).filter(type => /^run\.(paus|resum)/.test(type))
    expect(steps).toEqual(['run.pausing', 'run.paused', 'run.resumed'])
  })

  it('is undone when it is aborted, also while it is paused', async () => {
    open()
    const before = await fixture.read()
    const runId = await start()
    await client.ask('run.pause', { runId, confirmation: null })
    await untilControl('paused')
    await client.ask('run.abort', { runId, confirmation: { kind: 'acknowledged' } })
    const events = await client.untilFinished(runId)
    expect(events.at(-1)).toMatchObject({ outcome: 'interrupted' })
    expect(events.some(event => event.type === 'run.interrupted' && event.signal === 'abort')).toBe(true)
    expect(await fixture.read()).toEqual(before)
    await untilControl(null)
  })

  it('is interrupted, undone and waited for when the service ends', async () => {
    open()
    const before = await fixture.read()
    const runId = await start()
    await client.ask('run.pause', { runId, confirmation: null })
    await untilControl('paused')
    await service.close()
    const next = openService(fixture.file, fixture.stateFolder)
    const { summary } = await next.client.ask('run.read', { runId })
    await next.service.close()
    expect(summary).toMatchObject({ outcome: 'terminated', alive: false })
    expect(await fixture.read()).toEqual(before)
  })

  it('asks for the name of production, and refuses another run, planning and another project meanwhile', async () => {
    open({ ...passingSettings, environment: { name: 'live' } })
    const { plan } = await client.ask('plan.make', { target: [], tenants: [] })
    const { planId } = plan
    await client.ask('plan.approve', { planId, confirmation: { kind: 'acknowledged' }, comment: '' })
    const wrong = { kind: 'named', environment: 'Live', reason: 'the release of today' } as const
    for (const confirmation of [null, { kind: 'acknowledged' } as const, wrong]) {
      expect(await client.refusal('run.start', { planId, confirmation })).toEqual({
        kind: 'confirmation_missing',
        action: 'apply',
        level: 3,
        environment: 'live',
      })
    }
    const right = { ...wrong, environment: 'live' }
    const { runId } = await client.ask('run.start', { planId, confirmation: right })
    await client.ask('run.pause', { runId, confirmation: { kind: 'acknowledged' } })
    await untilControl('paused')
    for (const refused of [
      client.refusal('plan.make', { target: [], tenants: [] }),
      client.refusal('project.open', { path: fixture.folder }),
      client.refusal('run.recover', { runId, confirmation: null }),
    ])
      expect(await refused).toMatchObject({ kind: 'not_possible' })
    const overview = await client.ask('overview.read', {})
    expect(overview.readiness).toMatchObject({ verdict: 'running', action: { kind: 'open_run', runId } })
    expect(overview.fleet).toMatchObject({ tenants: 3, behind: 3 })
    await client.ask('run.resume', { runId, confirmation: { kind: 'acknowledged' } })
    await untilControl(null)
    expect((await client.ask('run.read', { runId })).summary.outcome).toBe('migrated')
  })

  it('shows runs and says what is wrong when no server answers', async () => {
    open()
    const runId = await start()
    await client.untilFinished(runId)
    await untilControl(null)
    await fixture.sandbox.primary.stop()
    try {
      const overview = await client.ask('overview.read', {})
      expect(overview.failure).not.toBeNull()
      expect(overview.readiness.verdict).toBe('blocked')
      expect((await client.ask('run.list', {}))[0]).toMatchObject({ runId, outcome: 'migrated' })
      expect((await client.ask('topology.read', {})).failure).not.toBeNull()
    } finally {
      await fixture.sandbox.primary.start()
    }
  })
})
