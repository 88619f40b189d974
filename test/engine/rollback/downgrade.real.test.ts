import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { afterFact } from '../../support/engine-faults.ts'
import { type EngineFixture, eventsOf, openEngineFixture } from '../../support/engine-fixture.ts'
import { propose, rollBack } from '../../support/roll-back.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'], sandbox: { standbys: 1 } })
})
beforeEach(() => fixture.reset())
afterAll(() => fixture?.close())

/** A new table and a column with a constant default: nothing of either is anybody's until somebody writes. */
const refunds = {
  '0002_email.down.sql': 'alter table users drop constraint users_email_key',
  '0003_refunds.up.sql':
    "create table refunds (id int primary key); alter table users add column state text not null default 'new'",
  '0003_refunds.down.sql': 'drop table refunds; alter table users drop column state',
}

const rowsOf = (tenant: string): Promise<readonly unknown[]> =>
  fixture.sandbox.query('select id, email from users order by id', tenant)

test('takes a committed run back by going down, on every server, with fingerprints and rows as before', async () => {
  fixture.addMigrations(refunds)
  const before = await fixture.read()
  const rows = await rowsOf('acorn')
  const run = await fixture.run()
  expect(run.outcome).toBe('migrated')
  const proposal = await propose(fixture, run.runId)
  expect(proposal).toMatchObject({ isLossless: true, refusal: null, runId: run.runId })
  expect(proposal.tenants.map(one => [one.tenant, one.way, one.losses, one.rowsLost])).toEqual([
    ['acorn', 'downgrade', [], 0],
    ['birch', 'downgrade', [], 0],
  ])
  expect(proposal.tenants[0]!.evidence[0]).toContain('ends in the schema from before the run')
  const back = await rollBack(fixture, run.runId)
  expect(back).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
  expect(await fixture.read()).toEqual(before)
  expect(await rowsOf('acorn')).toEqual(rows)
  expect(
    eventsOf(back.events, 'rollback.proven')
      .map(event => [event.tenant, event.equal])
      .sort(),
  ).toEqual([
    ['acorn', true],
    ['birch', true],
  ])
  expect(eventsOf(back.events, 'run.started')[0]!.intent).toMatchObject({
    verb: 'rollback',
    undoes: run.runId,
  })
  expect(eventsOf(back.events, 'fingerprints.compared').filter(event => event.equal)).toHaveLength(4)
  expect(eventsOf(back.events, 'approval.recorded')[0]!.planId).toBe(proposal.rollbackId)
  expect(eventsOf(back.events, 'gate.judged').map(event => event.gate)).toContain('replica_lag')
  const again = await propose(fixture, run.runId)
  expect(again.refusal).toBe(`it is rolled back already, by run ${back.runId}`)
  expect((await propose(fixture, back.runId)).refusal).toContain('it is a rollback itself')
})

test('says what the downgrade would lose, is refused until a person accepts that, and then loses no more', async () => {
  fixture.addMigrations(refunds)
  const before = await fixture.read()
  const run = await fixture.run()
  await fixture.sandbox.query(
    "insert into refunds values (1), (2); update users set state = 'old' where id = 1",
    'birch',
  )
  const { tenants, isLossless, refusal } = await propose(fixture, run.runId)
  expect({ isLossless, refusal }).toEqual({ isLossless: false, refusal: null })
  expect(tenants.map(one => [one.tenant, one.losses, one.rowsLost])).toEqual([
    ['acorn', [], 0],
    ['birch', ['2 rows of table public.refunds', '1 value of column public.users.state'], 3],
  ])
  const refused = await rollBack(fixture, run.runId)
  expect(refused).toMatchObject({ outcome: 'approval_refused', failure: { kind: 'loss_not_accepted' } })
  expect(JSON.stringify(refused.failure)).toContain('birch: 2 rows of table public.refunds')
  const accepted = await rollBack(fixture, run.runId, { acceptLoss: { reason: 'they were a test' } })
  expect(accepted.outcome).toBe('migrated')
  expect(eventsOf(accepted.events, 'approval.recorded')[0]!.volatile.acceptedLoss).toBe('they were a test')
  expect(await fixture.read()).toEqual(before)
})

test('refuses a run that is unknown, committed nothing, has another on top of it, or whose tenants moved', async () => {
  await expect(propose(fixture, '01K0000000000000000000000A')).rejects.toMatchObject({
    failure: { kind: 'run_unknown' },
  })
  const refused = await fixture.run({ approval: { answer: 'nobody_there' } })
  expect((await propose(fixture, refused.runId)).refusal).toContain('it committed nothing')
  fixture.addMigrations(refunds)
  const first = await fixture.run({ target: ['0002'] })
  const second = await fixture.run()
  const below = await propose(fixture, first.runId)
  expect(below.tenants.map(one => one.refusal)).toEqual(
    Array(2).fill(`run ${second.runId} has moved it since: roll that one back first`),
  )
  await fixture.sandbox.query('create table extra ()', 'birch')
  const moved = await propose(fixture, second.runId)
  expect(moved.tenants.map(one => one.way)).toEqual(['downgrade', 'none'])
  expect(moved.tenants[1]!.refusal).toContain('its schema has changed since')
  expect(moved.refusal).toContain('birch cannot be rolled back')
  const whole = await rollBack(fixture, second.runId)
  expect(whole).toMatchObject({ outcome: 'stopped_by_gate', failure: { kind: 'rollback_refused' } })
  const one = await rollBack(fixture, second.runId, { tenants: ['acorn'] })
  expect(one.outcome).toBe('migrated')
  const readings = await fixture.read()
  expect([readings.acorn!.heads, readings.birch!.heads]).toEqual([['0002'], ['0003']])
})

test('refuses a downgrade that is missing, fails, or ends elsewhere, and says which', async () => {
  fixture.addMigrations({
    '0003_wide.up.sql': 'alter table users add column wide int; create table other ()',
    '0003_wide.down.sql': 'alter table users drop column wide',
  })
  const run = await fixture.run({ settings: {} })
  const missing = await propose(fixture, run.runId)
  expect(missing.tenants[0]!.refusal).toContain('there is no down file for it')
  fixture.addMigrations({ '0002_email.down.sql': 'alter table users drop constraint users_email_key' })
  const elsewhere = await propose(fixture, run.runId)
  expect(elsewhere.tenants[0]!.refusal).toContain('the downgrade ends in fingerprint')
  fixture.addMigrations({ '0003_wide.down.sql': 'drop table nothing_like_it' })
  const failing = await propose(fixture, run.runId)
  expect(failing.tenants[0]!.refusal).toContain('the downgrade fails on a copy')
})

test('holds an approval void when what it would lose has moved, and says what', async () => {
  fixture.addMigrations(refunds)
  const run = await fixture.run()
  const approved = await propose(fixture, run.runId)
  await fixture.sandbox.query('insert into refunds values (7)', 'acorn')
  const back = await rollBack(fixture, run.runId, {
    approved,
    acceptLoss: { reason: 'whatever it is' },
    approval: {
      answer: 'approved_plan',
      planId: approved.rollbackId,
      plan: null,
      by: 'test',
      confirmation: null,
    },
  })
  expect(back).toMatchObject({ outcome: 'approval_refused', failure: { kind: 'plan_void' } })
  expect(JSON.stringify(back.failure)).toContain(
    'tenant acorn would lose 1 row of table public.refunds, not nothing',
  )
})

test('brings a rollback that was cut off to its end: forward where it had decided, back where it had not', async () => {
  fixture.addMigrations(refunds)
  const before = await fixture.read()
  const run = await fixture.run()
  const after = await fixture.read()
  const cut = (type: 'tenant.voted' | 'group.decided') =>
    rollBack(fixture, run.runId, {
      changeLog: log => {
        let isCut = false
        const cutting = afterFact(
          fact => fact.type === type,
          async () => {
            isCut = true
          },
        )(log)
        return {
          ...cutting,
          append: (fact, options) =>
            isCut ? Promise.reject(new Error('the process is gone')) : cutting.append(fact, options),
        }
      },
      change: ports => ({
        ...ports,
        prepared: {
          ...ports.prepared,
          openSession: async () => ({
            commit: () => Promise.reject(new Error('the process is gone')),
            rollback: () => Promise.reject(new Error('the process is gone')),
            close: async () => undefined,
          }),
        },
      }),
      settings: { execution: { settleSeconds: 1 } },
    })
  const first = await cut('tenant.voted')
  expect(await fixture.prepared()).not.toEqual([])
  expect((await fixture.recover(first.runId)).outcome).toBe('rolled_back')
  expect(await fixture.read()).toEqual(after)
  const second = await cut('group.decided')
  const recovered = await fixture.recover(second.runId)
  expect(recovered.outcome).toBe('migrated')
  expect(eventsOf(recovered.events, 'rollback.proven').map(event => event.equal)).toEqual([true, true])
  expect(await fixture.read()).toEqual(before)
})

/** Tenants that nobody has ever migrated. */
async function emptyTenants(): Promise<void> {
  for (const tenant of fixture.tenants) {
    await fixture.sandbox.query(`drop database ${tenant} with (force)`)
    await fixture.sandbox.query(`create database ${tenant}`)
  }
}

test('takes a first migration back to nothing: only the empty table of versions stays', async () => {
  await emptyTenants()
  fixture.writeMigrations({
    '0001_shop.up.sql': 'create table shop (id int primary key)',
    '0001_shop.down.sql': 'drop table shop',
  })
  const run = await fixture.run()
  expect(run.outcome).toBe('migrated')
  const proposal = await propose(fixture, run.runId)
  expect(proposal).toMatchObject({ isLossless: true, refusal: null })
  expect(proposal.tenants[0]!.evidence).toContain(
    'the first migration had made public.lockstep_version: it stays, and is empty',
  )
  const back = await rollBack(fixture, run.runId)
  expect(back).toMatchObject({ outcome: 'migrated', failure: null })
  expect(eventsOf(back.events, 'rollback.proven').map(event => event.equal)).toEqual([true, true])
  const tables =
    "select relname, (select count(*) from lockstep_version)::int as rows from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
  expect(await fixture.sandbox.query(tables, 'acorn')).toEqual([{ relname: 'lockstep_version', rows: 0 }])
})

test('refuses to go back to nothing where the downgrade forgets something, and says it once for all', async () => {
  await emptyTenants()
  fixture.writeMigrations({
    '0001_shop.up.sql':
      'create table shop (id int primary key); create table lockstep_version_notes (id int)',
    '0001_shop.down.sql': 'drop table shop',
  })
  const run = await fixture.run()
  const refused = await rollBack(fixture, run.runId)
  expect(refused.failure).toMatchObject({
    kind: 'rollback_refused',
    reasons: [
      expect.stringMatching(/^acorn, birch, each: downgrade: the downgrade ends in fingerprint/),
      'acorn, birch cannot be rolled back, and a rollback takes all tenants or none',
    ],
  })
})
