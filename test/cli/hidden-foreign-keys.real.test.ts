import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serverOf } from '../support/postgres-versions.ts'
import { openLockstepHome } from '../support/run-lockstep.ts'
import { makeSmallProject, type SmallProject } from '../support/small-project.ts'

const home = openLockstepHome()
const serverLent = serverOf('18')
const owner = 'veil_owner'
const tenants = ['veil_a', 'veil_b']
let project: SmallProject
let application: pg.Client

/** The owner is held by the policies of a table that two foreign keys touch; an application writes as a role of its own. */
const schema = `create table orders (id serial primary key, tenant text not null);
create table lines (id serial primary key, "order" integer not null references orders);
alter table orders enable row level security;
alter table orders force row level security;
create policy own on orders using (tenant = current_setting('app.tenant', true));
insert into lines ("order") select 1 where false;
grant select, insert on orders, lines to veil_app;
grant usage on all sequences in schema public to veil_app;`

beforeAll(async () => {
  const sandbox = serverLent()
  await sandbox.query(`create role ${owner} login createdb; create role veil_app login`)
  await sandbox.query(`grant pg_monitor to ${owner}`)
  project = await makeSmallProject({ home, sandbox, name: 'veil', tenants })
  for (const tenant of tenants) {
    await sandbox.query(`alter database ${tenant} owner to ${owner}`)
    await sandbox.query(`grant connect on database ${tenant} to veil_app`)
  }
  const login = await sandbox.connect('veil_a', sandbox.primary, owner)
  await login.query(schema)
  await login.end()
  await connectApplication()
  configure()
})

afterAll(async () => {
  await application?.end()
  await home.close()
})

function configure(changes: Readonly<Record<string, unknown>> = {}): void {
  project.configure({
    servers: [{ name: 'primary', port: serverLent().primary.port, user: owner }],
    rehearsal: { data: 'full' },
    ...changes,
  })
}

async function connectApplication(): Promise<void> {
  const sandbox = serverLent()
  application = await sandbox.connect('veil_a', sandbox.primary, 'veil_app')
  await application.query("set app.tenant = 'a'")
}

/** An order with a line, as the application makes them all the time. */
async function order(): Promise<void> {
  await application.query(
    `with made as (insert into orders (tenant) values ('a') returning id)
     insert into lines ("order") select id from made`,
  )
}

const words = `row-level security holds for ${owner} on public.orders, so rows without a parent cannot be counted there`
const statement = `alter role ${owner} bypassrls;`
const waivers = [{ gate: 'foreign_keys', reason: 'the application keeps them' }]

it('says before a run that a policy hides the rows of a foreign key, and what helps', async () => {
  await order()
  const plan = await project.run(['plan', '--rehearse'])
  expect(plan.exitCode, plan.stderr).toBe(0)
  expect(plan.stdout).toContain(`stops a run at the gate foreign_keys: veil_a: ${words}`)
  expect(plan.stdout).toContain(statement)
  const doctor = await project.run(['doctor'])
  expect(doctor.stdout).toContain(words)
  expect(doctor.stdout).not.toContain('tenant veil_b')
})

it('tells of tables that were counted only', async () => {
  // While somebody is connected, no copy with all rows can be made.
  await application.end()
  const plan = await project.run(['plan', '--rehearse', '--tenants', 'veil_a'])
  await connectApplication()
  expect(plan.stdout).toContain('not counted: public.orders')
  expect(plan.stdout).toMatch(/\b1 table with 1 row came back with every value/)
})

it('stops with the table and a way that works: to accept it, or a role above policies', async () => {
  const stopped = await project.run(['run', '--yes'])
  expect(stopped.exitCode, stopped.stderr).toBe(3)
  expect(stopped.stderr).toContain(`public.lines.lines_order_fkey: ${words}`)
  expect(stopped.stderr).toContain(statement)
  expect(stopped.stderr).not.toContain('fix: lockstep doctor')

  configure({ waivers })
  for (const verb of ['plan', 'doctor']) expect((await project.run([verb])).stdout).not.toContain(words)
  const accepted = await project.run(['run', '--yes', '--target', '0001'])
  expect(accepted.exitCode, accepted.stderr).toBe(0)

  configure()
  await serverLent().query(statement)
  await order()
  const run = await project.run(['run', '--yes'])
  expect(run.exitCode, run.stderr).toBe(0)
  expect(run.stderr).toContain('gate foreign_keys passed')
  expect((await application.query('select count(*)::int as rows from orders')).rows).toEqual([{ rows: 2 }])
})

it('is no circle where tenants are rows: policies that hold for the owner, and a login above them', async () => {
  const sandbox = serverLent()
  await sandbox.query(`alter role ${owner} nobypassrls; grant veil_app to ${owner}`)
  const rows = await makeSmallProject({ home, sandbox, name: 'rows', tenants: ['rows_shop'] })
  await sandbox.query(`alter database rows_shop owner to ${owner}`)
  await sandbox.query('grant connect on database rows_shop to veil_app')
  const login = await sandbox.connect('rows_shop', sandbox.primary, owner)
  const own = "using (tenant_id = nullif(current_setting('app.tenant', true), '')::int)"
  await login.query(
    `create table orders (id int primary key, tenant_id int not null);
     create table lines (id int primary key, tenant_id int not null, "order" int references orders);
     insert into orders values (1, 1), (2, 2); insert into lines values (1, 1, 1), (2, 2, 2);
     alter table orders enable row level security; alter table lines enable row level security;
     create policy own on orders ${own}; create policy own on lines ${own};
     alter table orders force row level security; alter table lines force row level security;
     grant select on orders, lines to veil_app`,
  )
  await login.end()
  rows.writeFiles({
    'migrations/0001_items.up.sql': 'create index orders_tenant on orders (tenant_id);\n',
    'migrations/0002_prices.up.sql': 'alter table orders add column note text;\n',
  })
  rows.configure({
    servers: [{ name: 'primary', port: sandbox.primary.port, user: owner }],
    tenants: { databases: 'rows_shop', appRole: 'veil_app', rls: { column: 'tenant_id' } },
  })
  const stopped = await rows.run(['run', '--yes'])
  expect(stopped.exitCode, stopped.stderr).toBe(3)
  expect(stopped.stderr).toContain(`row-level security holds for ${owner} on public.lines, public.orders`)
  expect(stopped.stderr).not.toContain('tenant_isolation failed')
  await sandbox.query(statement)
  const run = await rows.run(['run', '--yes'])
  expect(run.exitCode, run.stderr).toBe(0)
})
