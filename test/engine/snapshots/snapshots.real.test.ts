import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { countRowsSince } from '../../../electron/engine/snapshots/write-ledger.ts'
import type { RunEvent } from '../../../shared/run/run-event.ts'
import { readVolatileNumber, readVolatileText } from '../../../shared/text/volatile.ts'
import {
  describeTenant,
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
} from '../../support/engine-fixture.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch'] })
})
beforeEach(() => fixture.reset())
afterAll(() => fixture?.close())

const always = { data: 'always', how: 'template', minFreeBytes: 0 }

/** Rows that others wrote to a tenant since its copy, as a rollback would count them. */
async function rowsSince(events: readonly RunEvent[], tenant: string): Promise<number | null> {
  const noted = eventsOf(events, 'writes.noted').find(event => event.tenant === tenant)
  const baseline = noted ? readVolatileNumber(noted.volatile, 'baseline') : null
  const mark = noted ? readVolatileText(noted.volatile, 'mark') : null
  const now = await fixture.withPorts(ports => ports.snapshots.readWrites(describeTenant(tenant), never))
  const files = noted ? readVolatileText(noted.volatile, 'files') : null
  const positions = noted ? readVolatileText(noted.volatile, 'positions') : null
  return countRowsSince(baseline === null || mark === null ? null : { baseline, mark, files, positions }, now)
}

test('notes where the WAL stands before a run, under a name to recover to, and copies nothing unasked', async () => {
  const { events, runId } = await fixture.run()
  const [taken] = eventsOf(events, 'snapshot.taken')
  expect(taken).not.toHaveProperty('copy')
  expect(readVolatileText(taken!.volatile, 'lsn')).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
  expect(readVolatileText(taken!.volatile, 'restorePoint')).toBe(`lockstep_before_${runId}`)
  expect(eventsOf(events, 'writes.noted')).toEqual([])
})

test('copies each tenant before a run, proves the copies, seals them and takes none of them for a tenant', async () => {
  const { events, runId, outcome } = await fixture.run({ settings: { snapshots: always } })
  expect(outcome).toBe('migrated')
  const taken = eventsOf(events, 'snapshot.taken')
  expect(taken.map(event => event.copy)).toEqual([
    { kind: 'template', verified: true },
    { kind: 'template', verified: true },
  ])
  const kept = await fixture.withPorts(ports => ports.snapshots.list())
  expect(kept.map(one => [one.runId, one.tenant, one.kind, one.verified])).toEqual([
    [runId, 'acorn', 'template', true],
    [runId, 'birch', 'template', true],
  ])
  expect(kept[0]!.location).toBe(`lockstep_snapshot_${runId.toLowerCase()}_acorn`)
  expect(kept[0]!.bytes).toBeGreaterThan(1_000_000)
  expect(
    await fixture.sandbox.query(
      "select datname from pg_database where datname like 'lockstep%' and datallowconn",
    ),
  ).toEqual([])
  const databases = await fixture.withPorts(ports =>
    ports.servers.listDatabases(fixture.sandbox.primary.name, never),
  )
  expect(databases.filter(name => name.startsWith('lockstep'))).toEqual([])
  await fixture.withPorts(async ports => {
    for (const one of kept) await ports.snapshots.remove(one, never)
    expect(await ports.snapshots.list()).toEqual([])
  })
  expect(await fixture.sandbox.query("select 1 from pg_database where datname like 'lockstep%'")).toEqual([])
})

test('tells rows that others wrote since the copy from those of the migration, also of tables that it drops', async () => {
  await fixture.sandbox.query('create table old (id int); insert into old values (1), (2)', 'acorn')
  fixture.addMigrations({
    '0003_backfill.up.sql': "update users set email = email || '.'; insert into users values (9, 'new')",
    '0004_drop.up.sql': 'drop table if exists old',
  })
  const { events, outcome } = await fixture.run({ settings: { snapshots: always } })
  expect(outcome).toBe('migrated')
  expect(eventsOf(events, 'writes.noted').map(event => event.known)).toEqual([true, true])
  expect(await rowsSince(events, 'acorn')).toBe(0)
  await fixture.sandbox.query(
    "insert into users values (10, 'x'), (11, 'y'); delete from users where id = 10",
    'acorn',
  )
  expect(await rowsSince(events, 'acorn')).toBe(3)
  expect(await rowsSince(events, 'birch')).toBe(0)
  await fixture.sandbox.query('select pg_stat_reset()', 'acorn')
  expect(await rowsSince(events, 'acorn')).toBeNull()
})

test('stops before anything is changed when a copy cannot be made, and says why with numbers', async () => {
  const busy = await fixture.sandbox.connect('birch')
  const first = await fixture.run({ settings: { snapshots: always } })
  await busy.end()
  expect(first).toMatchObject({
    outcome: 'stopped_by_gate',
    failure: { kind: 'snapshot_failed', tenant: 'birch' },
  })
  expect(JSON.stringify(first.failure)).toContain('connected to the database')
  const small = { ...always, minFreeBytes: Number.MAX_SAFE_INTEGER }
  const second = await fixture.run({ settings: { snapshots: small } })
  expect(second.outcome).toBe('stopped_by_gate')
  expect(JSON.stringify(second.failure)).toMatch(/a copy of [\d.]+ MB would leave .* free/)
  const readings = Object.values(await fixture.read())
  expect(readings.map(one => one.heads)).toEqual([['0001'], ['0001']])
  expect(
    await fixture.sandbox.query("select datname from pg_database where datname like 'lockstep_restore%'"),
  ).toEqual([])
})
