import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { EnginePorts } from '../../../electron/engine/ports/engine-ports.ts'
import { lostConnection } from '../../support/engine-faults.ts'
import {
  defaultMigrations,
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
} from '../../support/engine-fixture.ts'
import { propose, rollBack } from '../../support/roll-back.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({
    tenants: ['acorn', 'birch'],
    sandbox: { standbys: 1, settings: { wal_level: 'logical' } },
  })
  await fixture.sandbox.query('create role shop login')
})
beforeEach(async () => {
  for (const { datname } of await fixture.sandbox.query(
    "select datname from pg_database where datname like 'lockstep%'",
  ))
    await fixture.sandbox.query(`drop database ${String(datname)}`)
  await fixture.reset()
  fixture.addMigrations({ '0003_shorter.up.sql': 'alter table users drop column email' })
})
afterAll(() => fixture?.close())

const settings = { snapshots: { data: 'irreversible', how: 'template', minFreeBytes: 0 } }

const rowsOf = (tenant: string): Promise<readonly unknown[]> =>
  fixture.sandbox.query('select * from users order by id', tenant)

const ours = (): Promise<readonly unknown[]> =>
  fixture.sandbox.query(
    "select split_part(datname, '_', 2) as kind from pg_database where datname like 'lockstep%' order by 1",
  )

test('brings back what no downgrade could, in one swap, with the privileges and settings of the database', async () => {
  await fixture.sandbox.query(`revoke connect on database birch from public; grant connect on database birch to shop;
    alter database birch set search_path = app, public; alter role shop in database birch set statement_timeout = '3s';
    alter database birch connection limit 50; comment on database birch is 'the shop''s own'`)
  const facts = `select datacl::text, datconnlimit, shobj_description(oid, 'pg_database'), array(select setconfig::text from pg_db_role_setting
    where setdatabase = d.oid order by setrole) as settings from pg_database d where datname = 'birch'`
  const [databaseBefore] = await fixture.sandbox.query(facts)
  const before = await fixture.read()
  const rows = [await rowsOf('acorn'), await rowsOf('birch')]
  const run = await fixture.run({ settings })
  expect(run.outcome).toBe('migrated')
  const proposal = await propose(fixture, run.runId, { settings })
  expect(proposal.tenants.map(one => [one.way, one.losses, one.rowsLost, one.refusal])).toEqual(
    Array(2).fill(['snapshot', [], 0, null]),
  )
  expect(proposal.tenants[0]!.evidence).toContain('no other session has written since')
  expect(proposal.tenants[0]!.evidence.join()).toContain('downgrade: there is no downgrade')
  const back = await rollBack(fixture, run.runId, { settings })
  expect(back).toMatchObject({ outcome: 'migrated', failure: null })
  expect(await fixture.read()).toEqual(before)
  expect([await rowsOf('acorn'), await rowsOf('birch')]).toEqual(rows)
  expect(await fixture.sandbox.query(facts)).toEqual([databaseBefore])
  const onStandby = eventsOf(back.events, 'fingerprints.compared')
  expect(onStandby.map(event => event.equal)).toEqual([true, true, true, true])
  expect(await ours()).toEqual(['failed', 'failed', 'snapshot', 'snapshot'].map(kind => ({ kind })))
  expect((await propose(fixture, run.runId, { settings })).refusal).toContain(back.runId)
})

const slot = `select pg_create_logical_replication_slot('cdc_birch', 'test_decoding')`
const dropSlot = `select pg_catalog.pg_drop_replication_slot('cdc_birch');`
const subscription = `create subscription news connection 'host=127.0.0.1 port=1 dbname=x' publication p
  with (connect = false, slot_name = none)`

const discard = (database: string): Promise<void> =>
  fixture.withPorts(
    ({ restores }) => restores.discard(fixture.sandbox.primary.name, database, never),
    settings,
  )

test('names a replication slot that would stay behind, and does not drop the database that holds it', async () => {
  const { sandbox } = fixture
  const run = await fixture.run({ settings })
  await sandbox.query(slot, 'birch')
  const { tenants, isLossless } = await propose(fixture, run.runId, { settings })
  expect(isLossless).toBe(false)
  expect(tenants.map(one => one.losses.join())).toEqual([
    '',
    expect.stringContaining('logical replication slot cdc_birch, which stays with the database'),
  ])
  expect((await rollBack(fixture, run.runId, { settings })).failure?.kind).toBe('loss_not_accepted')
  const acceptLoss = { reason: 'it is made again' }
  expect(await rollBack(fixture, run.runId, { settings, acceptLoss })).toMatchObject({ failure: null })
  const failed = await fixture.withPorts(
    async ({ restores }) =>
      (await restores.listStrays(fixture.sandbox.primary.name, never)).filter(
        ({ kind }) => kind === 'failed',
      ),
    settings,
  )
  expect(failed.map(one => one.ties)).toEqual([[], [{ kind: 'slot', name: 'cdc_birch' }]])
  const [, birch = ''] = failed.map(one => one.database)
  await expect(discard(birch)).rejects.toMatchObject({ failure: { kind: 'usage', fix: dropSlot } })
  expect(
    await sandbox.query('select database from pg_replication_slots where slot_type = $$logical$$'),
  ).toEqual([{ database: birch }])
  await sandbox.query(dropSlot)
  await discard(birch)
  expect(await ours()).toEqual(['failed', 'snapshot', 'snapshot'].map(kind => ({ kind })))
})

test('does not drop a database whose subscription would stop it, and says how it goes', async () => {
  const { sandbox } = fixture
  const name = 'lockstep_failed_1_acorn'
  const quoted = '"lockstep_failed_1_acorn"'
  await sandbox.query(`create database ${quoted}`)
  await sandbox.query(subscription, name)
  await sandbox.query(`alter database ${quoted} with allow_connections false`)
  const fix = `alter database ${quoted} with allow_connections true; and in it, as its owner: drop subscription "news";`
  await expect(discard(name)).rejects.toMatchObject({
    failure: { problem: expect.stringContaining('subscription news'), fix },
  })
  await sandbox.query(`alter database ${quoted} with allow_connections true`)
  await sandbox.query('drop subscription "news"', name)
  await discard(name)
  expect(await ours()).toEqual([])
})

test('is refused where a replication slot has come up since it was approved, and changes nothing', async () => {
  const run = await fixture.run({ settings })
  const after = await fixture.read()
  const change = (ports: EnginePorts): EnginePorts => ({
    ...ports,
    restores: {
      ...ports.restores,
      async prepare(...given) {
        await ports.restores.prepare(...given)
        if (given[1].name === 'birch') await fixture.sandbox.query(slot, 'birch')
      },
    },
  })
  const back = await rollBack(fixture, run.runId, { settings, change })
  await fixture.sandbox.query(dropSlot)
  expect(back).toMatchObject({ outcome: 'approval_refused', exitCode: 4, failure: { kind: 'plan_void' } })
  expect(JSON.stringify(back.failure)).toContain('tenant birch would lose logical replication slot cdc_birch')
  expect(await fixture.read()).toEqual(after)
})

test.each([
  ['emptied a table', 'truncate notes', 'a table was emptied or rewritten since'],
  ['moved a sequence', "select setval('numbers', 77)", 'a sequence has given out numbers since'],
  ['taken a number', "select nextval('numbers')", 'a sequence has given out numbers since'],
])('is refused where somebody has %s since, which no row counter shows', async (_what, change, why) => {
  for (const tenant of ['acorn', 'birch'])
    await fixture.sandbox.query('create table notes (); create sequence numbers', tenant)
  const run = await fixture.run({ settings })
  await fixture.sandbox.query(change, 'birch')
  const { tenants } = await propose(fixture, run.runId, { settings })
  expect(tenants.map(one => one.rowsLost)).toEqual([0, null])
  expect(tenants[1]!.losses.join()).toContain(why)
  const after = await fixture.read()
  expect((await rollBack(fixture, run.runId, { settings })).failure).toMatchObject({
    kind: 'loss_not_accepted',
  })
  expect(await fixture.read()).toEqual(after)
})

test('is refused when others have written since, says how many rows, and loses them only where that is accepted', async () => {
  const before = await fixture.read()
  const run = await fixture.run({ settings })
  await fixture.sandbox.query(
    'insert into users values (8), (9); update users set id = 10 where id = 9',
    'birch',
  )
  const { tenants } = await propose(fixture, run.runId, { settings })
  expect(tenants.map(one => [one.losses, one.rowsLost])).toEqual([
    [[], 0],
    [['3 rows that others wrote since the copy was taken'], 3],
  ])
  const refused = await rollBack(fixture, run.runId, { settings })
  expect(refused.outcome).toBe('approval_refused')
  expect(JSON.stringify(refused.failure)).toContain('birch: 3 rows that others wrote')
  const accepted = await rollBack(fixture, run.runId, {
    settings,
    acceptLoss: { reason: 'known to be wrong' },
  })
  expect(accepted.outcome).toBe('migrated')
  expect(await fixture.read()).toEqual(before)
  expect(await rowsOf('birch')).toHaveLength(2)
})

test('is refused while others are connected, naming them, and changes nothing; unless they may be disconnected', async () => {
  const run = await fixture.run({ settings })
  const after = await fixture.read()
  const client = await fixture.sandbox.connect('birch', undefined, 'shop')
  const busy = await rollBack(fixture, run.runId, { settings })
  expect(busy).toMatchObject({
    outcome: 'rolled_back',
    failure: { kind: 'tenant_in_use', tenants: ['birch'] },
  })
  expect(JSON.stringify(busy.failure)).toMatch(/birch: \d+ shop/)
  expect((await client.query('select 1')).rowCount).toBe(1)
  expect(await fixture.read()).toEqual(after)
  expect(await ours()).toEqual([{ kind: 'snapshot' }, { kind: 'snapshot' }])
  expect((await rollBack(fixture, run.runId, { settings, disconnect: true })).outcome).toBe('migrated')
  await expect(client.query('select 1')).rejects.toThrow()
})

test('notices rows that were written between the approval and the swap, and then changes nothing', async () => {
  const run = await fixture.run({ settings })
  const after = await fixture.read()
  const change = (ports: EnginePorts): EnginePorts => ({
    ...ports,
    restores: {
      ...ports.restores,
      async prepare(...given) {
        await ports.restores.prepare(...given)
        if (given[1].name === 'acorn') await fixture.sandbox.query('insert into users values (7)', 'acorn')
      },
    },
  })
  const back = await rollBack(fixture, run.runId, { settings, change })
  expect(back).toMatchObject({ outcome: 'approval_refused', exitCode: 4, failure: { kind: 'plan_void' } })
  expect(JSON.stringify(back.failure)).toContain('tenant acorn: others have written 1 rows, and 0 were told')
  expect(await fixture.read()).toEqual(after)
})

test('takes each tenant the way that loses nothing for it, and all of them together', async () => {
  await fixture.sandbox.query("insert into users values (3, 'cyd@example.org')", 'acorn')
  fixture.writeMigrations({
    ...defaultMigrations,
    '0002_email.down.sql': 'alter table users drop constraint users_email_key',
    '0003_kept.up.sql': 'create table kept (id int); insert into kept select id from users where id = 3',
    '0003_kept.down.sql': 'drop table kept',
  })
  const before = await fixture.read()
  const always = { snapshots: { ...settings.snapshots, data: 'always' } }
  const run = await fixture.run({ settings: always })
  const proposal = await propose(fixture, run.runId, { settings: always })
  expect(proposal.tenants.map(one => [one.tenant, one.way, one.losses])).toEqual([
    ['acorn', 'snapshot', []],
    ['birch', 'downgrade', []],
  ])
  expect(proposal.tenants[0]!.evidence).toContain('downgrade would lose 1 row of table public.kept')
  const back = await rollBack(fixture, run.runId, { settings: always })
  expect(back).toMatchObject({ outcome: 'migrated', failure: null })
  expect(await fixture.read()).toEqual(before)
  expect(await rowsOf('acorn')).toHaveLength(3)
})

test('looks up whether a swap happened whose answer got lost', async () => {
  const before = await fixture.read()
  const run = await fixture.run({ settings })
  const change = (ports: EnginePorts): EnginePorts => ({
    ...ports,
    restores: {
      ...ports.restores,
      async swap(...given) {
        await ports.restores.swap(...given)
        throw lostConnection()
      },
    },
  })
  expect(await rollBack(fixture, run.runId, { settings, change })).toMatchObject({
    outcome: 'migrated',
    failure: null,
  })
  expect(await fixture.read()).toEqual(before)
})

test('takes sessions again after a rollback that was cut off before its swap, and tells one that was swapped', async () => {
  const before = await fixture.read()
  const run = await fixture.run({ settings })
  const after = await fixture.read()
  const dying = (when: 'before' | 'after') => (ports: EnginePorts) => ({
    ...ports,
    restores: {
      ...ports.restores,
      open: () => Promise.reject(new Error('the process is gone')),
      discard: () => Promise.reject(new Error('the process is gone')),
      listStrays: () => Promise.reject(new Error('the process is gone')),
      async swap(...given: Parameters<EnginePorts['restores']['swap']>) {
        if (when === 'after') await ports.restores.swap(...given)
        throw new Error('the process is gone')
      },
    },
  })
  const cut = async (when: 'before' | 'after') => {
    const { runId } = await rollBack(fixture, run.runId, {
      settings: { ...settings, execution: { settleSeconds: 1 } },
      change: dying(when),
      // The last lines do not reach the disk.
      changeLog: log => ({
        ...log,
        runId: log.runId,
        close: () => log.close(),
        append: (fact, options) =>
          fact.type === 'run.finished' || fact.type === 'rollback.proven'
            ? Promise.reject(new Error('the process is gone'))
            : log.append(fact, options),
      }),
    })
    return fixture.recover(runId)
  }
  const first = await cut('before')
  expect(first.outcome).toBe('rolled_back')
  expect(await fixture.read()).toEqual(after)
  const second = await cut('after')
  expect(second.outcome).toBe('migrated')
  expect(eventsOf(second.events, 'rollback.proven').map(event => event.equal)).toEqual([true, true])
  expect(await fixture.read()).toEqual(before)
  expect(await ours()).toEqual(['failed', 'failed', 'snapshot', 'snapshot'].map(kind => ({ kind })))
})
