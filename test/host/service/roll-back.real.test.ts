import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EngineFixture, openEngineFixture } from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openService, passingSettings } from './service-bench.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
})
afterAll(() => fixture?.close())

it('undoes a run from a dashboard as it was proposed, refuses what has moved, and links both runs', async () => {
  fixture.addMigrations({
    '0002_email.down.sql': 'alter table users drop constraint users_email_key',
    '0003_refunds.up.sql': 'create table refunds (id int)',
    '0003_refunds.down.sql': 'drop table refunds',
  })
  fixture.writeProject({ ...passingSettings, gates: { replica_lag: { requireStandbys: false } } })
  const before = await fixture.read()
  const { service, client } = openService(fixture.file, fixture.stateFolder)
  const confirmation = { kind: 'acknowledged' } as const
  const untilIdle = (): Promise<void> =>
    waitUntil(
      async () => (await client.ask('session.read', {})).activeRuns.length === 0,
      'the engine to be free',
    )
  try {
    const { plan } = await client.ask('plan.make', { target: [], tenants: [] })
    const { planId } = plan
    await client.ask('plan.approve', { planId, confirmation: null, comment: '' })
    const { runId } = await client.ask('run.start', { planId, confirmation: null })
    await untilIdle()
    const mayRollBack = async (): Promise<unknown> =>
      (await client.ask('run.read', { runId })).possible.find(one => one.action === 'roll_back')
    expect((await client.ask('run.read', { runId })).rollback).toMatchObject({ state: 'not_yet_judged' })
    expect(await mayRollBack()).toMatchObject({ refusal: { kind: 'not_possible' } })
    const proposal = await client.ask('rollback.propose', { runId })
    expect(proposal).toMatchObject({ isLossless: true, refusal: null })
    expect((await client.ask('run.read', { runId })).rollback).toEqual(proposal)
    expect(await mayRollBack()).toMatchObject({ level: 2, refusal: null })
    const { rollbackId } = proposal
    const asked = { runId, rollbackId, acceptLoss: null }
    expect(await client.refusal('rollback.start', { ...asked, confirmation: null })).toMatchObject({
      kind: 'confirmation_missing',
    })
    await fixture.sandbox.query('insert into refunds values (1)', 'birch')
    const lost = await client.ask('rollback.start', { ...asked, confirmation })
    await untilIdle()
    expect((await client.ask('run.read', { runId: lost.runId })).summary.outcome).toBe('approval_refused')
    await fixture.sandbox.query('delete from refunds', 'birch')
    const again = await client.ask('rollback.propose', { runId })
    expect(again.rollbackId).toBe(rollbackId)
    const back = await client.ask('rollback.start', { ...asked, confirmation })
    await untilIdle()
    const view = await client.ask('run.read', { runId: back.runId })
    expect(view.state.failure).toBeNull()
    expect(view).toMatchObject({
      summary: { outcome: 'migrated', undoes: runId },
      links: [{ kind: 'rolls_back', runId }],
    })
    expect((await client.ask('run.read', { runId })).links).toContainEqual({
      kind: 'rolled_back_by',
      runId: back.runId,
    })
    expect(await fixture.read()).toEqual(before)
    expect(await client.refusal('rollback.propose', { runId: back.runId })).toMatchObject({
      kind: 'not_possible',
    })
  } finally {
    await service.close()
  }
})
