import { createHash } from 'node:crypto'
import { readFileSync, truncateSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { pruneSnapshots } from '../../../electron/app/snapshots/prune-snapshots.ts'
import { type EngineFixture, eventsOf, never, openEngineFixture } from '../../support/engine-fixture.ts'
import { needs } from '../../support/needs.ts'
import { optionsFor } from '../../support/postgres-versions.ts'
import { propose, rollBack } from '../../support/roll-back.ts'

const test = needs('older postgres', 'pg_dump')

let fixture: EngineFixture | null = null
/** The pg_dump of a machine is seldom of the newest version: a server of an old one suits most. */
beforeAll(async () => {
  const sandbox = await optionsFor('14').catch(() => null)
  if (sandbox) fixture = await openEngineFixture({ tenants: ['acorn'], sandbox })
})
afterAll(() => fixture?.close())

const settings = { snapshots: { data: 'always', how: 'dump', minFreeBytes: 0, keep: 1 } }

test('dumps a tenant while others work, proves the dump by restoring it, and brings the tenant back from it', async () => {
  if (!fixture) throw new Error('there is no server')
  fixture.addMigrations({ '0003_shorter.up.sql': 'alter table users drop column email' })
  const busy = await fixture.sandbox.connect('acorn')
  const before = await fixture.read()
  const run = await fixture.run({ settings })
  await busy.end()
  expect(run.outcome).toBe('migrated')
  expect(eventsOf(run.events, 'snapshot.taken')[0]!.copy).toEqual({ kind: 'dump', verified: true })
  const [kept] = await fixture.withPorts(ports => ports.snapshots.list())
  const folder = await fixture.withPorts(async (_, project) => dirname(project.runsFolder))
  const file = join(folder, kept!.location)
  expect(kept!.location).toBe(`snapshots/${run.runId}/acorn.dump`)
  expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(kept!.checksum)
  expect(await fixture.sandbox.query("select 1 from pg_database where datname like 'lockstep%'")).toEqual([])
  const back = await rollBack(fixture, run.runId, { settings })
  expect(back).toMatchObject({ outcome: 'migrated', failure: null })
  expect(await fixture.read()).toEqual(before)
  expect(await fixture.sandbox.query('select email from users order by id', 'acorn')).toHaveLength(2)
})

test('does not go back to a dump that was changed, and keeps the last one before a run that committed', async () => {
  if (!fixture) throw new Error('there is no server')
  await fixture.reset()
  const first = await fixture.run({ settings })
  fixture.addMigrations({ '0003_more.up.sql': 'create table more ()' })
  const second = await fixture.run({ settings })
  fixture.addMigrations({ '0004_broken.up.sql': 'select 1/0' })
  const third = await fixture.run({ settings })
  expect([first.outcome, second.outcome, third.outcome]).toEqual(['migrated', 'migrated', 'rolled_back'])
  const removed = await fixture.withPorts((ports, project) => pruneSnapshots(project, ports, never), settings)
  expect(removed.map(one => one.runId)).toEqual([first.runId])
  const left = await fixture.withPorts(ports => ports.snapshots.list())
  expect(left.map(one => one.runId)).toEqual([third.runId, second.runId])
  const folder = await fixture.withPorts(async (_, project) => dirname(project.runsFolder))
  truncateSync(join(folder, left[1]!.location), 100)
  const { tenants } = await propose(fixture, second.runId, { settings })
  expect(tenants[0]!.refusal).toContain('it is gone')
})
