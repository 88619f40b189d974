import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { beforeAll, describe, expect } from 'vitest'
import { selectCatalogToken } from '../../../electron/adapters/postgres/catalog/catalog-token.ts'
import {
  parsePrintedItems,
  selectFingerprintItems,
} from '../../../electron/adapters/postgres/catalog/fingerprint-items.ts'
import { hashItems } from '../../../electron/adapters/postgres/catalog/hash-items.ts'
import {
  inspectionStatements,
  parseInspection,
} from '../../../electron/adapters/postgres/catalog/inspection.ts'
import { createPostgres } from '../../../electron/adapters/postgres/create-postgres.ts'
import { diffCatalog } from '../../../electron/catalog/diff-catalog.ts'
import { needsVersion, postgresVersions, serverOf } from '../../support/postgres-versions.ts'
import { runCommand } from '../../support/run-command.ts'
import type { TestSandbox } from '../../support/with-sandbox.ts'
import { cases } from './fingerprint-cases.ts'
import { layers, roles } from './fingerprint-schema.ts'
import { describeServers, describeTenant, never } from './sandbox-settings.ts'

/** Of the machine that runs the tests: the embedded servers bring none. */
const dumpProgram = 'pg_dump'

/** A client in a database of its own, with the schema of the cases in it. */
async function build(
  server: TestSandbox,
  database: string,
  statements: readonly string[],
): Promise<pg.Client> {
  await server.query(`create database ${database}`)
  const client = await server.connect(database)
  await client.query(`set search_path = ''`)
  for (const statement of statements) await client.query(statement)
  return client
}

const read = (server: TestSandbox, database: string) =>
  createPostgres(describeServers(server)).servers.fingerprint('primary', describeTenant(database), never)

/** Tables that come and go, so that nothing has the OID or the number of a column that it has elsewhere. */
const history = [
  ...Array.from({ length: 20 }, (_, index) => `create table public.gone_${index} (id serial primary key)`),
  ...Array.from({ length: 20 }, (_, index) => `drop table public.gone_${index}`),
]
const aftermath = [
  'alter table app.scratch add column gone integer; alter table app.scratch drop column gone',
  'revoke select on app.customer from fp_reader; grant select on app.customer to fp_reader',
  "update pg_catalog.pg_class set reltuples = 7 where relname = 'customer'",
  "select pg_catalog.setval('app.counter', 77)",
]

describe.each(postgresVersions)('a fingerprint on PostgreSQL %s', version => {
  const test = needsVersion(version)
  const server = serverOf(version, { settings: { wal_level: 'logical' } })
  let client: pg.Client

  beforeAll(async () => {
    await server().query(roles)
    client = await build(server(), 'base', layers.flat())
  })

  test('names each object that is changed, and is as before when the change is taken back', async () => {
    await client.query(`prepare items as ${selectFingerprintItems(null)}`)
    const items = async () => parsePrintedItems((await client.query('execute items')).rows)
    const before = await items()
    const hash = hashItems(before)
    const expected: Record<string, readonly string[]> = {}
    const found: Record<string, readonly string[]> = {}
    for (const { change, undo, since = 0, lines } of cases) {
      if (since > Number(version)) continue
      expected[change] = lines
      await client.query('begin')
      await client.query(change)
      const after = await items()
      found[change] = hashItems(after) === hash ? ['the same hash'] : diffCatalog(before, after)
      if (undo !== undefined) {
        await client.query(undo)
        expected[undo] = []
        found[undo] = diffCatalog(before, await items())
      }
      await client.query('rollback')
    }
    expect(found).toEqual(expected)
    expect(Object.keys(expected).length).toBeGreaterThan(120)
    expect(hashItems(await items())).toBe(hash)
  })

  test('has a token that moves with each of these changes, and is as before when it was rolled back', async () => {
    await client.query(`prepare token as ${selectCatalogToken}`)
    const read = async () => (await client.query<{ token: string }>('execute token')).rows[0]?.token
    const before = await read()
    const unseen: string[] = []
    for (const { change, since = 0 } of cases) {
      if (since > Number(version)) continue
      await client.query('begin')
      await client.query(change)
      if ((await read()) === before) unseen.push(change)
      await client.query('rollback')
    }
    expect(unseen).toEqual([])
    expect(await read()).toBe(before)
  })

  test('is equal inside a migrating transaction, with all of its parts, and outside, without the absent ones', async () => {
    await client.query('begin')
    const rowsByName: Record<string, readonly unknown[]> = {}
    for (const { name, sql } of inspectionStatements(describeTenant('base'))) {
      rowsByName[name] = (await client.query<Record<string, unknown>>(sql)).rows
    }
    await client.query('rollback')
    expect(parseInspection(rowsByName).fingerprint).toBe((await read(server(), 'base')).hash)
    await server().query('create database bare')
    const bare = await server().connect('bare')
    const { rows } = await bare.query(selectFingerprintItems(null))
    expect((await read(server(), 'bare')).items).toEqual(parsePrintedItems(rows))
  })

  test('does not depend on the order in which objects were made, nor on what was there before', async () => {
    const statements = [...history, ...layers.flatMap(layer => [...layer].reverse()), ...aftermath]
    const other = await build(server(), 'other', statements)
    await other.end()
    const [here, there] = [await read(server(), 'base'), await read(server(), 'other')]
    expect(diffCatalog(here.items, there.items)).toEqual([])
    expect(there.hash).toBe(here.hash)
  })

  test('is equal in a copy of the database, which has no subscriptions', async () => {
    await server().query('create database source template template0')
    const source = await server().connect('source')
    await source.query(`set search_path = ''`)
    const isNoSubscription = (statement: string): boolean => !statement.startsWith('create subscription')
    for (const statement of layers.flat().filter(isNoSubscription)) await source.query(statement)
    await source.end()
    await server().query('create database copied template source')
    expect((await read(server(), 'copied')).hash).toBe((await read(server(), 'source')).hash)
  })

  test.runIf(Number(version) <= readDumpVersion())('is equal after a dump and its restoration', async () => {
    const { host, port } = server().primary
    const place = ['--host', host, '--port', String(port), '--username', 'postgres']
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-dump-'))
    const file = join(folder, 'base.sql')
    try {
      await runCommand(dumpProgram, [...place, '--schema-only', '--file', file, 'base'])
      await server().query('create database restored')
      await runCommand('psql', [...place, '--quiet', '--set', 'ON_ERROR_STOP=1', '--file', file, 'restored'])
    } finally {
      rmSync(folder, { recursive: true })
    }
    const [here, there] = [await read(server(), 'base'), await read(server(), 'restored')]
    expect(diffCatalog(here.items, there.items)).toEqual([])
    expect(there.hash).toBe(here.hash)
  })
})

/** A dump of a newer server is beyond an older pg_dump. */
function readDumpVersion(): number {
  try {
    return Number(/\d+/.exec(execFileSync(dumpProgram, ['--version'], { encoding: 'utf8' }))?.[0])
  } catch {
    return 0
  }
}
