import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EngineFixture, eventsOf, openEngineFixture, type Settings } from '../support/engine-fixture.ts'

const own = "tenant_id = nullif(current_setting('app.tenant', true), '')::int"
const closed = (table: string) =>
  `alter table ${table} enable row level security; alter table ${table} force row level security;
create policy own on ${table} using (${own}) with check (${own}); grant select, insert on ${table} to app;`
const settings: Settings = {
  tenants: { databases: 'shop', appRole: 'app', rls: { lookup: 'countries' } },
  groups: [],
  smokeTests: { isolation: true },
}
const gates = ['revision_graph', 'tenant_isolation'] as const

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['spare'] })
  await fixture.sandbox.query('create role app login')
  await fixture.sandbox.query('create database shop')
  await fixture.sandbox.query(
    `create table countries (code text primary key); grant select on countries to app;
     create table orders (id int primary key, tenant_id int not null); insert into orders values (1, 1), (2, 2); ${closed('orders')}`,
    'shop',
  )
})
afterAll(() => fixture?.close())

it('a shared table that a plan leaves open stops the run, and one that it closes is tried before and after', async () => {
  fixture.writeMigrations({ '0001_bills.up.sql': 'create table bills (id int, tenant_id int)' })
  const stopped = await fixture.run({ settings, gates })
  expect(stopped).toMatchObject({ outcome: 'stopped_by_gate', failure: { gates: ['tenant_isolation'] } })
  const judged = eventsOf(stopped.events, 'gate.judged').find(({ gate }) => gate === 'tenant_isolation')
  expect(judged?.answer.evidence[0]?.fact).toContain('new table public.bills: revision 0001 makes it without')
  fixture.writeMigrations({
    '0001_bills.up.sql': `create table bills (id int primary key, tenant_id int not null);\n${closed('bills')}`,
  })
  const run = await fixture.run({ settings, gates })
  expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
  const after = eventsOf(run.events, 'smoke.judged').find(({ test }) => test === 'tenant_isolation')
  expect(after?.answer).toMatchObject({ verdict: 'passed', value: '0 leaks; 1 database, 4 probes' })
  expect(await fixture.sandbox.query('select count(*)::int as count from bills', 'shop')).toEqual([
    { count: 0 },
  ])
})

it('a leak that only trying shows is found after the migration', async () => {
  fixture.addMigrations({
    '0002_open.up.sql': 'create policy support on orders for select using (tenant_id = tenant_id)',
  })
  const run = await fixture.run({ settings, gates })
  expect(run.failure).toMatchObject({ kind: 'smoke_failed', tests: ['tenant_isolation'] })
  const judged = eventsOf(run.events, 'smoke.judged').find(({ test }) => test === 'tenant_isolation')
  expect(judged?.answer.evidence.map(({ fact }) => fact)).toContain(
    'role app reaches rows of another tenant in public.orders: it was tried: tenant 1 reads rows of tenant 2',
  )
})
