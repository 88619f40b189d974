import { spawn } from 'node:child_process'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import {
  type EngineFixture,
  eventsOf,
  never,
  openEngineFixture,
  type Settings,
} from '../support/engine-fixture.ts'
import { propose, rollBack } from '../support/roll-back.ts'

const schemas = ['t1', 't2', 't3', 't4', 't5', 't6', 't7', 'Order 8'] as const
const files = {
  '0001_users.up.sql': `create type mood as enum ('fine', 'odd');
create table users (id int primary key, email text, mood mood not null default 'fine');
create function first_user() returns int language sql as 'select min(id) from users';
insert into users values (1, 'ada@example.org'), (2, 'bob@example.org');`,
  '0001_users.down.sql': 'drop function first_user(); drop table users; drop type mood;',
  '0002_email.up.sql': `alter table users add constraint users_email_key unique (email);
create table notes (id serial primary key, user_id int references users, country text);
create view known as select u.id, c.code from users u join notes n on n.user_id = u.id join countries c on c.code = n.country;`,
  '0002_email.down.sql':
    'drop view known; drop table notes; alter table users drop constraint users_email_key;',
} as const
const duplicate = (schema: string) => `insert into "${schema}".users values (3, 'ada@example.org')`

let fixture: EngineFixture
const settings: Settings = {
  tenants: { databases: 'shop', schemas: ['t*', 'Order*'], appRole: '{tenant}_app' },
  groups: [{ name: 'canary', tenants: 't1' }],
}
/** Eight schemas at revision 0001 in one database, each with its own login. */
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['spare'] })
  const { sandbox } = fixture
  await sandbox.query('create database shop')
  await sandbox.query('create table countries (code text primary key); create table users (id int)', 'shop')
  for (const schema of schemas) {
    const app = `"${schema}_app"`
    await sandbox.query(
      `create role ${app} login; create schema "${schema}"; grant usage on schema "${schema}" to ${app};
       alter default privileges in schema "${schema}" grant select, insert on tables to ${app}`,
      'shop',
    )
  }
  fixture.writeMigrations(files)
  const run = await fixture.run({ settings, target: ['0001'] })
  expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0 })
  await sandbox.query('alter database shop rename to shop_at_0001')
})
afterAll(() => fixture?.close())

beforeEach(async () => {
  await fixture.reset()
  fixture.writeMigrations(files)
  await fixture.sandbox.query('drop database if exists shop with (force)')
  await fixture.sandbox.query('create database shop template shop_at_0001')
})

/** Where each schema stands, as the engine reads it. */
const read = () =>
  fixture.withPorts(async ({ source, servers }) => {
    const readings = schemas.map(async name => {
      const tenant = { name, cluster: 'main', database: 'shop', schema: name, appRole: `${name}_app` }
      const { hash } = await servers.fingerprint(fixture.sandbox.primary.name, tenant, never)
      return [name, { heads: await source.readHeads(tenant, never), fingerprint: hash }] as const
    })
    return Object.fromEntries(await Promise.all(readings))
  }, settings)

describe('tenants that are schemas of one database', () => {
  it('are migrated in lockstep, each in its own schema, and end equal', async () => {
    const run = await fixture.run({ settings })
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    const readings = Object.values(await read())
    expect(readings.map(({ heads }) => heads)).toEqual(schemas.map(() => ['0002']))
    expect(new Set(readings.map(({ fingerprint }) => fingerprint)).size).toBe(1)
    expect(
      eventsOf(run.events, 'tenant.committed')
        .map(({ tenant }) => tenant)
        .sort(),
    ).toEqual([...schemas].sort())
    const tables = await fixture.sandbox.query(
      `select n.nspname as schema, count(*)::int as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relname in ('notes', 'known', 'lockstep_version') group by n.nspname order by n.nspname collate "C"`,
      'shop',
    )
    expect(tables).toEqual([...schemas].sort().map(schema => ({ schema, count: 3 })))
    expect(await fixture.prepared()).toEqual([])
  })

  it('are all as they were when one of them votes no', async () => {
    await fixture.sandbox.query(duplicate('t5'), 'shop')
    const before = await read()
    const run = await fixture.run({ settings })
    expect(run).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(run.failure).toMatchObject({ kind: 'migration_failed', tenant: 't5', sqlstate: '23505' })
    expect(eventsOf(run.events, 'tenant.committed')).toEqual([])
    expect(await read()).toEqual(before)
    const proven = eventsOf(run.events, 'rollback.proven').filter(event => event.equal)
    expect(proven.map(event => event.tenant).sort()).toEqual([...schemas].sort())
    expect(await fixture.prepared()).toEqual([])
  })

  it('are rehearsed, and held apart by every gate and smoke test, before and after', async () => {
    const strict = {
      ...settings,
      rehearsal: { when: 'always' },
      smokeTests: { isolation: true, queries: [{ name: 'own', sql: 'select id from users' }] },
    }
    const run = await fixture.run({ settings: strict, gates: null })
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    const isolation = eventsOf(run.events, 'gate.judged').find(({ gate }) => gate === 'tenant_isolation')
    expect(isolation?.answer).toMatchObject({ verdict: 'passed', value: '0 leaks; 8 tenants, 8 probes' })
    const verdicts = eventsOf(run.events, 'gate.judged').map(
      ({ gate, answer }) => `${gate} ${answer.verdict}`,
    )
    expect(verdicts).toContain('expected_fingerprint passed')
    expect(verdicts.filter(verdict => / (failed|inconclusive)$/.test(verdict))).toEqual([])
    expect(
      eventsOf(run.events, 'smoke.judged').map(({ test, answer }) => `${test} ${answer.verdict}`),
    ).toEqual([
      'schema_classes passed',
      'tenant_isolation passed',
      'tenant_answers passed',
      'schema_classes passed',
      'tenant_isolation passed',
      'tenant_answers passed',
    ])
  })

  it('are not migrated while one reaches another, and a leak of the migration itself is found after it', async () => {
    await fixture.sandbox.query('grant usage on schema t2 to t1_app', 'shop')
    const gates = ['revision_graph', 'tenant_isolation'] as const
    const stopped = await fixture.run({ settings, gates })
    expect(stopped).toMatchObject({
      outcome: 'stopped_by_gate',
      exitCode: 3,
      failure: { gates: ['tenant_isolation'] },
    })
    await fixture.sandbox.query('revoke usage on schema t2 from t1_app', 'shop')
    fixture.addMigrations({
      '0003_leak.up.sql':
        "do $$ begin execute format('grant usage on schema %I to public', current_schema()); end $$;",
    })
    const leaky = await fixture.run({ settings: { ...settings, smokeTests: { isolation: true } }, gates })
    expect(leaky.failure).toMatchObject({ kind: 'smoke_failed', tests: ['tenant_isolation'] })
  })

  it.each([
    ['before:group.decided:1', '0001', 5],
    ['after:group.decided:1', '0002', 0],
  ] as const)(
    'come to one end after a crash at %s, each by its own vote',
    async (faultPoint, heads, exitCode) => {
      const together = { ...settings, groups: [{ name: 'all', tenants: '*' }] }
      fixture.writeProject(together)
      const args = ['run', '--yes', '--gates', 'revision_graph', '--quiet', '--config', fixture.file]
      const child = spawn(process.execPath, [inject('launcher'), ...args], {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: {
          PATH: process.env.PATH,
          LOCKSTEP_STATE_DIR: fixture.stateFolder,
          LOCKSTEP_FAULT: `kill:${faultPoint}`,
        },
      })
      let errors = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        errors += text
      })
      const end = await new Promise(resolve => child.once('close', (code, by) => resolve(by ?? code)))
      expect(end, errors).toBe('SIGKILL')
      expect((await fixture.prepared()).length).toBeGreaterThan(3)
      const [newest] = await fixture.withPorts(({ store }) => store.list(), together)
      const recovered = await fixture.recover(newest?.runId ?? '', { settings: together })
      expect(recovered.exitCode).toBe(exitCode)
      expect(await fixture.prepared()).toEqual([])
      expect(Object.values(await read()).map(one => one.heads)).toEqual(schemas.map(() => [heads]))
    },
  )

  it('go back down by their own files, and what one would lose is counted in its own schema', async () => {
    const before = await read()
    const run = await fixture.run({ settings })
    expect(run.outcome).toBe('migrated')
    const untouched = await propose(fixture, run.runId, { settings })
    expect(untouched).toMatchObject({ isLossless: true, refusal: null })
    await fixture.sandbox.query('insert into t3.notes (country) values (null), (null)', 'shop')
    const proposal = await propose(fixture, run.runId, { settings })
    expect(proposal.tenants.map(one => [one.tenant, one.rowsLost])).toEqual(
      expect.arrayContaining([
        ['t3', 2],
        ['t4', 0],
      ]),
    )
    await fixture.sandbox.query('delete from t3.notes', 'shop')
    const back = await rollBack(fixture, run.runId, { settings })
    expect(back).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    expect(await read()).toEqual(before)
  })

  it('refuse a revision that names one of them', async () => {
    fixture.addMigrations({ '0003_named.up.sql': 'alter table t2.users add column note text' })
    const run = await fixture.run({ settings })
    expect(run.exitCode).toBe(2)
    expect(run.failure).toMatchObject({
      kind: 'usage',
      problem: expect.stringContaining('revision 0003 names t2.users, and t2 is the schema of tenant t2'),
    })
  })
})
