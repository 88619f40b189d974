import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runProject } from '../../../electron/host/run-project.ts'
import type { EngineService } from '../../../electron/host/service/interface/service.ts'
import { loadProject } from '../../../electron/host/settings/load-project.ts'
import { createApprovals } from '../../../electron/host/stores/approval-channels.ts'
import { gateNames } from '../../../shared/plan/verdict.ts'
import { duplicateEmail, type EngineFixture, never, openEngineFixture } from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openService, passingSettings, type TestClient } from './service-bench.ts'

const nothing = {}
const all = { target: [], tenants: [] }

describe('the engine service', () => {
  let fixture: EngineFixture
  let service: EngineService
  let client: TestClient

  beforeAll(async () => {
    fixture = await openEngineFixture({ sandbox: { standbys: 1 } })
  })
  afterAll(() => fixture.close())

  beforeEach(async () => {
    await fixture.reset()
    fixture.writeProject(passingSettings)
    ;({ service, client } = openService(fixture.file, fixture.stateFolder))
  })
  afterEach(() => service.close())

  const makeApproved = async (): Promise<string> => {
    const { plan } = await client.ask('plan.make', all)
    const { planId } = plan
    await client.ask('plan.approve', { planId, confirmation: null, comment: '' })
    return planId
  }

  /** The report is written after the last event. */
  const untilIdle = (): Promise<void> =>
    waitUntil(
      async () => (await client.ask('session.read', nothing)).activeRuns.length === 0,
      'the engine to be free',
    )

  it('knows of a plan that another process has run, with the run', async () => {
    const planId = await makeApproved()
    const project = loadProject(fixture.file, fixture.folder)
    const { end } = await runProject(project, {
      ...all,
      gates: null,
      approvals: createApprovals({
        yes: false,
        planId: planId.slice(0, 12),
        confirmation: null,
        prompt: null,
        plansFolder: project.plansFolder,
      }),
      readers: [],
      interruption: { signal: never, name: () => null },
    })
    expect(end.outcome).toBe('migrated')
    const { record, possible } = await client.ask('plan.read', { planId })
    expect(record).toMatchObject({ state: 'started', runId: end.runId })
    expect(possible.find(one => one.action === 'apply')?.refusal).toMatchObject({ kind: 'not_possible' })
  })

  it('takes a plan from its making through check and approval to its run, and shows every event once', async () => {
    const session = await client.ask('session.read', nothing)
    expect(session.project).toMatchObject({ name: 'fixture', environment: { protection: 'local' } })

    const made = await client.ask('plan.make', all)
    const { planId } = made.plan
    expect(made).toMatchObject({
      record: { state: 'waiting' },
      gates: [],
      moved: [],
      graph: { heads: ['0002'] },
    })
    expect(made.possible).toMatchObject([
      { action: 'approve', refusal: null },
      { action: 'reject', refusal: null },
      { action: 'apply', refusal: { kind: 'approval_missing' } },
    ])

    const checked = await client.ask('plan.check', { planId: 'last' })
    expect(checked.gates).toHaveLength(gateNames.length)
    expect(checked.moved).toEqual([])

    const approved = await client.ask('plan.approve', { planId, confirmation: null, comment: 'looks right' })
    expect(approved.record).toMatchObject({
      state: 'approved',
      decision: { comment: 'looks right', by: session.user },
    })
    expect(approved.record.decision?.gates).toHaveLength(gateNames.length)

    const { runId } = await client.ask('run.start', { planId, confirmation: null })
    await client.ask('run.follow', { runId, afterSeq: 0 })
    const events = await client.untilFinished(runId)
    expect(events.map(event => event.seq)).toEqual(events.map((_, index) => index + 1))
    expect(events.at(-1)).toMatchObject({ type: 'run.finished', outcome: 'migrated' })
    expect(events.find(event => event.type === 'approval.recorded')).toMatchObject({ planId, how: 'named' })

    const read = await client.ask('plan.read', { planId })
    expect(read.record).toMatchObject({ state: 'started', runId })
    const { state, gateWords } = await client.ask('run.read', { runId })
    expect(state.gates.map(({ gate }) => gate).sort()).toEqual(Object.keys(gateWords).sort())
    expect(gateWords.replica_lag).toEqual({
      title: 'Replicas keep up',
      why: 'A standby that lags serves the old schema after the primary has changed.',
    })
    await untilIdle()
    const overview = await client.ask('overview.read', nothing)
    expect(overview.readiness.verdict).toBe('up_to_date')
    expect((await client.ask('run.list', nothing))[0]).toMatchObject({ runId, outcome: 'migrated' })
  })

  it('refuses a plan that is not approved, and one that was rejected', async () => {
    const { plan } = await client.ask('plan.make', all)
    const { planId } = plan
    expect(await client.refusal('run.start', { planId, confirmation: null })).toMatchObject({
      kind: 'approval_missing',
    })
    await client.ask('plan.reject', { planId, comment: 'not today' })
    expect(await client.refusal('run.start', { planId, confirmation: null })).toMatchObject({
      kind: 'not_possible',
    })
  })

  it('voids an approval when the fleet moves, and says what moved', async () => {
    const planId = await makeApproved()
    await fixture.sandbox.query('alter table users add column note text', 'birch')
    const checked = await client.ask('plan.check', { planId })
    expect(checked.record).toMatchObject({ state: 'void', moved: ['the schema of tenant birch changed'] })
    expect(checked.moved).toEqual(['the schema of tenant birch changed'])
  })

  it('voids an approval when the run finds another fleet, and changes nothing', async () => {
    const planId = await makeApproved()
    await fixture.sandbox.query('alter table users add column note text', 'birch')
    const { runId } = await client.ask('run.start', { planId, confirmation: null })
    await client.ask('run.follow', { runId, afterSeq: 0 })
    const events = await client.untilFinished(runId)
    expect(events.at(-1)).toMatchObject({ outcome: 'approval_refused', failure: { kind: 'plan_void' } })
    // The last event is told while the record is being written.
    await waitUntil(
      async () => (await client.ask('plan.read', { planId })).record.state === 'void',
      'the plan to be void',
    )
    const { record } = await client.ask('plan.read', { planId })
    expect(record.moved).toEqual(['the schema of tenant birch changed'])
  })

  it('lets a newer plan void the older one that waits, and keeps what was asked for', async () => {
    const asked = { target: [], tenants: ['*'] }
    const first = await client.ask('plan.make', asked)
    await fixture.sandbox.query('alter table users add column note text', 'cedar')
    await client.ask('plan.make', all)
    const old = await client.ask('plan.read', { planId: first.plan.planId })
    expect(old.record).toMatchObject({ state: 'void', moved: ['the schema of tenant cedar changed'] })
    expect(old.asked).toEqual(asked)
  })

  it('shows a failed and rolled-back run to whoever follows it late', async () => {
    await fixture.sandbox.query(duplicateEmail, 'cedar')
    const planId = await makeApproved()
    const { runId } = await client.ask('run.start', { planId, confirmation: null })
    await client.ask('run.follow', { runId, afterSeq: 0 })
    const live = await client.untilFinished(runId)
    expect(live.at(-1)).toMatchObject({ outcome: 'rolled_back' })
    const late = openService(fixture.file, fixture.stateFolder)
    await late.client.ask('run.follow', { runId, afterSeq: 3 })
    expect(await late.client.untilFinished(runId)).toEqual(live.slice(3))
    await late.service.close()
    await untilIdle()
    const { attention, readiness } = await client.ask('overview.read', nothing)
    expect(attention[0]).toMatchObject({ kind: 'failed', action: { kind: 'open_run', runId } })
    expect(readiness.verdict).not.toBe('up_to_date')
  })

  it('says where servers, revisions and tenants stand', async () => {
    const view = await client.ask('topology.read', nothing)
    expect(view.topology?.clusters[0]?.standbys).toHaveLength(1)
    expect(view.graph?.heads).toEqual(['0002'])
    expect(view.positions.map(one => [one.tenant, one.heads, one.behind])).toEqual([
      ['acorn', ['0001'], 1],
      ['birch', ['0001'], 1],
      ['cedar', ['0001'], 1],
    ])
  })
})
