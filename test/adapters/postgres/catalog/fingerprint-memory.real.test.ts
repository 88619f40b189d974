import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createFingerprintMemory,
  type KnownCatalog,
} from '../../../../electron/adapters/postgres/catalog/fingerprint-memory.ts'
import { createInspection } from '../../../../electron/adapters/postgres/catalog/inspection.ts'
import { createPostgres } from '../../../../electron/adapters/postgres/create-postgres.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { describeServers, describeTenant, never } from '../sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>

const schema = `
  create table customer (id bigint generated always as identity primary key, name text not null);
  create index on customer (name);
  grant select on customer to pg_monitor`

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 1 }))
  await sandbox.query('create role reader login')
  await sandbox.query('create database base')
  await sandbox.query(schema, 'base')
  await sandbox.waitForStandbys()
})
afterAll(() => close())

/** Reads as an ordinary role, and counts how often the whole catalog was read. */
function openReader(before: readonly KnownCatalog[] = []) {
  const settings = describeServers(sandbox).map(server => ({ ...server, user: 'reader' }))
  const memory = createFingerprintMemory(before)
  const kept: string[] = []
  const watched = {
    ...memory,
    keepPrinted(...args: Parameters<typeof memory.keepPrinted>) {
      kept.push(args[0])
      memory.keepPrinted(...args)
    },
  }
  const { servers } = createPostgres(settings, { memory: watched })
  return {
    servers,
    memory: watched,
    /** The hash, and how many times a catalog was read in full for it. */
    async read(database: string, server = 'primary') {
      const before = kept.length
      const { hash, items } = await servers.fingerprint(server, describeTenant(database), never)
      return { hash, items, full: kept.length - before }
    },
  }
}

describe('a catalog that has been read', () => {
  it('is not read again while an application writes and the server tidies up, on the standby neither', async () => {
    const reader = openReader()
    const first = await reader.read('base')
    expect(first.full).toBe(1)
    const application = await sandbox.connect('base')
    await application.query("insert into customer (name) select 'c ' || n from generate_series(1, 500) n")
    await application.query('delete from customer where id % 2 = 0')
    await application.query('vacuum analyze')
    await application.query('vacuum freeze')
    await application.end()
    await sandbox.waitForStandbys()
    for (const server of ['primary', 'standby-1'])
      expect(await reader.read('base', server)).toEqual({ ...first, full: 0 })
  })

  it('is read again after any DDL, and known again on the standby', async () => {
    const reader = openReader()
    await sandbox.query('create database moved template base')
    const before = await reader.read('moved')
    await sandbox.query("comment on column customer.name is 'as on the invoice'", 'moved')
    await sandbox.waitForStandbys()
    const after = await reader.read('moved')
    expect(after.full).toBe(1)
    expect(after.hash).not.toBe(before.hash)
    expect(await reader.read('moved', 'standby-1')).toEqual({ ...after, full: 0 })
    await sandbox.query('comment on column customer.name is null', 'moved')
    expect((await reader.read('moved')).hash).toBe(before.hash)
    await sandbox.query("comment on schema public is 'ours'", 'moved')
    expect((await reader.read('moved')).hash).not.toBe(before.hash)
  })

  it('is known to the next process, which reads one tenant of each class in full', async () => {
    const first = openReader()
    const kept = ['again_1', 'again_2', 'again_3']
    for (const database of kept) await sandbox.query(`create database ${database} template base`)
    for (const database of kept) expect((await first.read(database)).full).toBe(1)
    await sandbox.query('alter table customer add column since date', 'again_3')
    const next = openReader(first.memory.list())
    const found = []
    for (const database of kept) found.push((await next.read(database)).full)
    expect(found).toEqual([1, 0, 1])
  })

  it('is not remembered where it changed while it was being read', async () => {
    const reader = openReader()
    await sandbox.query('create database racing template base')
    const { hash } = await openReader().read('racing')
    const other = await sandbox.connect('racing')
    await other.query('begin; alter table customer rename column name to title')
    // What prints a definition waits for the other one, when its snapshot and the token are taken already.
    const reading = reader.read('racing')
    await waitUntil(
      async () =>
        (await sandbox.query("select 1 from pg_locks where not granted and locktype = 'relation'")).length >
        0,
      'the reader to wait',
    )
    await other.query('commit')
    await reading
    await other.query('alter table customer rename column title to name')
    await other.end()
    expect((await reader.read('racing')).hash).toBe(hash)
  })

  it('is kept for the next process, but not of a copy of our own', async () => {
    const reader = openReader()
    await sandbox.query('create database lockstep_shadow_0123456789ab template base')
    await reader.read('lockstep_shadow_0123456789ab')
    await reader.read('base')
    expect(reader.memory.list().map(({ place }) => JSON.parse(place)[1])).toEqual(['base'])
  })

  it('is not known by the token of another database, or for another application role', async () => {
    const reader = openReader()
    await reader.read('base')
    await sandbox.query('create database twin template base')
    expect((await reader.read('twin')).full).toBe(1)
    const asTenant = await reader.servers.fingerprint('primary', describeTenant('base', 'pg_monitor'), never)
    expect(asTenant.hash).not.toBe((await reader.read('base')).hash)
  })

  it('is known on every server when it was looked at before its vote', async () => {
    const reader = openReader()
    const inspection = createInspection(reader.memory)
    const tenant = describeTenant('voting')
    await sandbox.query('create database voting template base')
    const before = await reader.read('voting')
    const session = await sandbox.connect('voting')
    const inspect = async () => {
      const rows: Record<string, readonly Record<string, unknown>[]> = {}
      for (const { name, sql, given, otherwise = sql } of inspection.statements(tenant, {
        withFiles: false,
      })) {
        const isGiven = given === undefined || JSON.stringify(rows[given.name]) === JSON.stringify(given.rows)
        rows[name] = (await session.query<Record<string, unknown>>(isGiven ? sql : otherwise)).rows
      }
      return inspection.parse(rows, tenant).fingerprint
    }
    await session.query('begin; alter table customer add column email text')
    const voted = await inspect()
    await session.query("prepare transaction 'lockstep:1:all:voting'")
    expect(await reader.read('voting')).toEqual({ ...before, full: 0 })
    await session.query("commit prepared 'lockstep:1:all:voting'")
    await sandbox.waitForStandbys()
    for (const server of ['primary', 'standby-1'])
      expect(await reader.read('voting', server)).toMatchObject({ hash: voted, full: 0 })
    // The next one knows what to expect, and still sees what nobody expected.
    await session.query(
      'begin; create domain odd as int check (value % 2 = 1); create type pair as (a int, b odd)',
    )
    const second = await inspect()
    await session.query('rollback')
    expect(second).not.toBe(voted)
    await session.query('create domain odd as int check (value % 2 = 1); create type pair as (a int, b odd)')
    await session.end()
    expect((await openReader().read('voting')).hash).toBe(second)
  })
})
