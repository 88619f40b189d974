import { afterAll, beforeAll, expect, it } from 'vitest'
import { previewPlan } from '../../../electron/app/plan/preview-plan.ts'
import { formatPlan } from '../../../electron/cli/format/format-plan.ts'
import { formatTopology } from '../../../electron/cli/format/format-topology.ts'
import { discoverTopology } from '../../../electron/engine/topology/discover-topology.ts'
import {
  defaultMigrations,
  type EngineFixture,
  eventsOf,
  type FixtureRun,
  never,
  openEngineFixture,
  type Settings,
} from '../../support/engine-fixture.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'

let fixture: EngineFixture
let reports: TestSandbox
let closeReports: () => Promise<void>

beforeAll(async () => {
  ;[fixture, { sandbox: reports, close: closeReports }] = await Promise.all([
    openEngineFixture({
      sandbox: { standbys: 0, settings: { wal_level: 'logical' } },
      tenants: ['acorn', 'birch', 'cedar'],
    }),
    openSandbox({ standbys: 0, settings: { wal_receiver_status_interval: '1s' } }),
  ])
  await subscribe('acorn', 'for table users')
  await subscribe('birch', 'for all tables')
})
afterAll(async () => {
  await closeReports?.()
  await fixture?.close()
})

/** A copy of a tenant on the subscriber, as it is published now. */
async function subscribe(tenant: string, what: string): Promise<void> {
  const version = await fixture.sandbox.query(
    `select string_agg(quote_ident(attname)||' '||format_type(atttypid, atttypmod), ', ' order by attnum) as columns
     from pg_attribute where attrelid = 'lockstep_version'::regclass and attnum > 0`,
    tenant,
  )
  await fixture.sandbox.query(`create publication everything ${what}`, tenant)
  await reports.query(`create database ${tenant}_copy`)
  await reports.query(
    `create table users (id int primary key, email text);
     create table lockstep_version (${String(version[0]?.columns)})`,
    `${tenant}_copy`,
  )
  const { port } = fixture.sandbox.primary
  await reports.query(
    `create subscription ${tenant}_reports connection 'host=127.0.0.1 port=${port} dbname=${tenant} user=postgres'
     publication everything`,
    `${tenant}_copy`,
  )
  await waitUntil(async () => {
    const rows = await reports.query(
      `select from pg_subscription_rel where srsubstate <> 'r'`,
      `${tenant}_copy`,
    )
    return rows.length === 0
  }, `${tenant} to be copied`)
}

const declared = (gates: Settings = {}): Settings => ({
  gates,
  servers: [
    { name: 'primary', host: '127.0.0.1', port: fixture.sandbox.primary.port, user: 'postgres' },
    {
      name: 'reports',
      role: 'subscriber',
      host: '127.0.0.1',
      port: reports.primary.port,
      user: 'postgres',
    },
  ],
})

/** Brings one tenant to the last of these revisions; each file is one, after the first that all have. */
function migrate(tenant: string, statements: readonly string[], settings: Settings): Promise<FixtureRun> {
  writeRevisions(statements)
  return fixture.run({ tenants: [tenant], gates: ['revision_graph', 'replay_conflict'], settings })
}

function writeRevisions(statements: readonly string[]): void {
  const { '0001_users.up.sql': first } = defaultMigrations
  const files = statements.map((sql, index) => [`000${index + 2}_next.up.sql`, `${sql};`] as const)
  fixture.writeMigrations({ '0001_users.up.sql': first, ...Object.fromEntries(files) })
}

const gateOf = (run: FixtureRun) =>
  eventsOf(run.events, 'gate.judged').find(({ gate }) => gate === 'replay_conflict')?.answer
const smokeOf = (run: FixtureRun) =>
  eventsOf(run.events, 'smoke.judged').find(({ test }) => test === 'subscribers')?.answer
const copied = async (tenant: string, sql: string) => (await reports.query(sql, `${tenant}_copy`))[0]?.found

const note = 'alter table users add note text'
const age = 'alter table users add age int'

it('says nothing of subscribers where nobody subscribes', async () => {
  const quiet = await migrate('cedar', [note], {})
  expect(quiet.outcome).toBe('migrated')
  expect(gateOf(quiet)).toMatchObject({ verdict: 'not_applicable', value: 'not rehearsed' })
  expect(smokeOf(quiet)).toBeUndefined()
  const known = await migrate('cedar', [note, age], declared())
  expect(gateOf(known)).toMatchObject({ verdict: 'not_applicable', value: 'not rehearsed' })
  expect(smokeOf(known)).toMatchObject({ verdict: 'not_applicable', value: 'it has no subscribers' })
})

it('passes where the subscriber was given a new column first, and its rows follow', async () => {
  await reports.query(note, 'acorn_copy')
  const run = await migrate('acorn', [note], declared())
  expect(run.outcome).toBe('migrated')
  expect(gateOf(run)).toMatchObject({ verdict: 'passed' })
  expect(smokeOf(run)).toMatchObject({ verdict: 'passed', value: '1 of 1 subscription well' })
  await fixture.sandbox.query("insert into users values (10, 'eve@example.org', 'new')", 'acorn')
  await waitUntil(
    async () => (await copied('acorn', 'select note as found from users where id = 10')) === 'new',
    'the row on the subscriber',
  )
})

it('stops before a column that the subscriber lacks where that is to be a failure', async () => {
  const run = await migrate('acorn', [note, age], declared({ replay_conflict: { subscribers: 'fail' } }))
  expect(run).toMatchObject({ outcome: 'stopped_by_gate', exitCode: 3 })
  expect(gateOf(run)).toMatchObject({
    verdict: 'failed',
    evidence: expect.arrayContaining([
      {
        tenant: 'acorn',
        server: 'reports',
        fact: 'subscription acorn_reports will stop at the next change: it has no column public.users.age',
      },
    ]),
  })
})

it('warns of a slot that nobody has declared', async () => {
  writeRevisions([note, age])
  const { plan, analysis } = await fixture.withPorts((ports, project) =>
    previewPlan(project, ports, { target: [], tenants: ['acorn'] }, never),
  )
  expect(formatPlan(plan, [], analysis)).toContain(
    'slot acorn_reports of acorn, which no declared subscriber uses: will get public.users.age',
  )
  expect(analysis.subscribers).toEqual([
    {
      tenant: 'acorn',
      slot: 'acorn_reports',
      server: null,
      subscription: '',
      differences: [{ kind: 'lacks_column', object: 'public.users.age' }],
    },
  ])
})

it('warns before a column that the subscriber lacks, and names it as drift afterwards', async () => {
  const run = await migrate('acorn', [note, age], declared())
  expect(run.outcome).toBe('migrated')
  expect(gateOf(run)).toMatchObject({
    verdict: 'warned',
    remedy: expect.stringContaining('public.users.age on reports'),
  })
  const after = smokeOf(run)
  expect(after).toMatchObject({ verdict: 'warned', value: '0 of 1 subscription well' })
  expect(after?.evidence[0]?.fact).toContain('differs: it has no column public.users.age')

  await fixture.sandbox.query("insert into users values (11, 'fay@example.org', 'new', 4)", 'acorn')
  const errors = () =>
    fixture.withPorts(
      async ({ servers }) =>
        (await servers.observe('reports', never)).subscriptions?.find(one => one.name === 'acorn_reports')
          ?.applyErrors,
      declared(),
    )
  await waitUntil(async () => Number(await errors()) > 0, 'the apply worker to fail')
  const topology = await fixture.withPorts(
    (ports, { config }) => discoverTopology(config, ports, async () => undefined, never),
    declared(),
  )
  const text = formatTopology(topology)
  expect(text).toMatch(/reports +subscriber +subscriber .*acorn_reports (not )?applying, \d+ errors?/)
})

it('says that a new table is published to a subscriber of all tables', async () => {
  const run = await migrate('birch', ['create table notes (id int primary key, body text)'], declared())
  expect(run.outcome).toBe('migrated')
  expect(gateOf(run)?.evidence).toContainEqual({
    tenant: 'birch',
    server: 'reports',
    fact: 'subscription birch_reports will stop at the next change: it has no table public.notes',
  })
  expect(gateOf(run)?.remedy).toContain('alter subscription birch_reports refresh publication')
  expect(smokeOf(run)?.evidence[0]?.fact).toContain('it has no table public.notes')
})
