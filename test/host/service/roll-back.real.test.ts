import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type EngineFixture, openEngineFixture } from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openService, passingSettings, type TestClient } from './service-bench.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
})
beforeEach(() => fixture.reset())
afterAll(() => fixture?.close())

const settings = { ...passingSettings, gates: { replica_lag: { requireStandbys: false } } }
const confirmation = { kind: 'acknowledged' } as const

function untilIdle(client: TestClient): Promise<void> {
  return waitUntil(
    async () => (await client.ask('session.read', {})).activeRuns.length === 0,
    'the engine to be free',
  )
}

/** Migrates every tenant; gives the run. */
async function migrate(client: TestClient): Promise<string> {
  const { plan } = await client.ask('plan.make', { target: [], tenants: [] })
  const { planId } = plan
  await client.ask('plan.approve', { planId, confirmation: null, comment: '' })
  const { runId } = await client.ask('run.start', { planId, confirmation: null })
  await untilIdle(client)
  return runId
}

it('undoes a run from a dashboard as it was proposed, refuses what has moved, and links both runs', async () => {
  fixture.addMigrations({
    '0002_email.down.sql': 'alter table users drop constraint users_email_key',
    '0003_refunds.up.sql': 'create table refunds (id int)',
    '0003_refunds.down.sql': 'drop table refunds',
  })
  fixture.writeProject(settings)
  const before = await fixture.read()
  const { service, client } = openService(fixture.file, fixture.stateFolder)
  try {
    const runId = await migrate(client)
    const mayRollBack = async (): Promise<unknown> =>
      (await client.ask('run.read', { runId })).possible.find(one => one.action === 'roll_back')
    expect((await client.ask('run.read', { runId })).rollback).toMatchObject({ state: 'not_yet_judged' })
    expect(await mayRollBack()).toMatchObject({ refusal: { kind: 'not_possible' } })
    const proposal = await client.ask('rollback.propose', { runId, tenants: [] })
    expect(proposal).toMatchObject({ isLossless: true, refusal: null })
    expect((await client.ask('run.read', { runId })).rollback).toEqual(proposal)
    expect(await mayRollBack()).toMatchObject({ level: 2, refusal: null })
    const { rollbackId } = proposal
    const asked = { runId, rollbackId, acceptLoss: null, disconnect: false }
    expect(await client.refusal('rollback.start', { ...asked, confirmation: null })).toMatchObject({
      kind: 'confirmation_missing',
    })
    await fixture.sandbox.query('insert into refunds values (1)', 'birch')
    const lost = await client.ask('rollback.start', { ...asked, confirmation })
    await untilIdle(client)
    expect((await client.ask('run.read', { runId: lost.runId })).summary.outcome).toBe('approval_refused')
    await fixture.sandbox.query('delete from refunds', 'birch')
    const again = await client.ask('rollback.propose', { runId, tenants: [] })
    expect(again.rollbackId).toBe(rollbackId)
    const back = await client.ask('rollback.start', { ...asked, confirmation })
    await untilIdle(client)
    const view = await client.ask('run.read', { runId: back.runId })
    expect(view.state.failure).toBeNull()
    expect(view).toMatchObject({
      summary: { outcome: 'migrated', undoes: runId },
      links: [{ kind: 'rolls_back', runId }],
    })
    expect((await client.ask('run.read', { runId })).links).toContainEqual({
      kind: 'rolled_back_by',
      runId: back.runId,
      undone: 2,
    })
    expect(await fixture.read()).toEqual(before)
    const { runId: ofRollback } = back
    expect(await client.refusal('rollback.propose', { runId: ofRollback, tenants: [] })).toMatchObject({
      kind: 'not_possible',
    })
  } finally {
    await service.close()
  }
})

it('takes back only the tenants that were named, says how many, and the others afterwards', async () => {
  fixture.addMigrations({ '0002_email.down.sql': 'alter table users drop constraint users_email_key' })
  fixture.writeProject(settings)
  const before = await fixture.read()
  const { service, client } = openService(fixture.file, fixture.stateFolder)
  try {
    const runId = await migrate(client)
    const after = await fixture.read()
    const goBack = async (tenants: readonly string[]): Promise<readonly string[]> => {
      const { rollbackId, tenants: proposed } = await client.ask('rollback.propose', { runId, tenants })
      const asked = { runId, rollbackId, confirmation, acceptLoss: null, disconnect: false }
      const back = await client.ask('rollback.start', asked)
      await untilIdle(client)
      expect((await client.ask('run.read', { runId: back.runId })).summary.outcome).toBe('migrated')
      return proposed.map(one => one.tenant)
    }
    const undone = async (): Promise<unknown> =>
      (await client.ask('run.read', { runId })).links.map(link => 'undone' in link && link.undone)
    expect(await client.refusal('rollback.propose', { runId, tenants: ['cedar'] })).toMatchObject({
      kind: 'tenant_unknown',
    })
    expect(await goBack(['ac*'])).toEqual(['acorn'])
    expect(await fixture.read()).toEqual({ acorn: before.acorn, birch: after.birch })
    expect(await undone()).toEqual([1])
    expect(await goBack([])).toEqual(['birch'])
    expect(await fixture.read()).toEqual(before)
    expect(await undone()).toEqual([1, 1])
  } finally {
    await service.close()
  }
})

it("ends others' sessions only where a dashboard asks for it, and says who is connected otherwise", async () => {
  fixture.addMigrations({ '0003_shorter.up.sql': 'alter table users drop column email' })
  const before = await fixture.read()
  // Reading writes the project of the fixture again.
  fixture.writeProject({
    ...settings,
    snapshots: { data: 'irreversible', how: 'template', minFreeBytes: 0 },
  })
  const { service, client } = openService(fixture.file, fixture.stateFolder)
  try {
    const runId = await migrate(client)
    const other = await fixture.sandbox.connect('birch')
    const goBack = async (disconnect: boolean) => {
      const { rollbackId, tenants } = await client.ask('rollback.propose', { runId, tenants: [] })
      expect(tenants.map(one => one.way)).toEqual(['snapshot', 'snapshot'])
      const asked = { runId, rollbackId, confirmation, acceptLoss: null, disconnect }
      const back = await client.ask('rollback.start', asked)
      await untilIdle(client)
      return (await client.ask('run.read', { runId: back.runId })).state
    }
    expect(await goBack(false)).toMatchObject({
      outcome: 'rolled_back',
      failure: { kind: 'tenant_in_use', tenants: ['birch'] },
    })
    expect((await other.query('select 1')).rowCount).toBe(1)
    expect(await goBack(true)).toMatchObject({ outcome: 'migrated', failure: null })
    await expect(other.query('select 1')).rejects.toThrow()
    expect(await fixture.read()).toEqual(before)
  } finally {
    await service.close()
  }
})
