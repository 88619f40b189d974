import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createSqlParser } from '../../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { createIsolation } from '../../../../electron/adapters/postgres/isolation/isolation.ts'
import type { Isolation } from '../../../../electron/engine/ports/gate-facts.ts'
import { quoteIdentifier, quoteLiteral } from '../../../../electron/sql/quote-identifier.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { catchFailure, describeServer, never } from '../sandbox-settings.ts'

const parser = createSqlParser()

let sandbox: TestSandbox
let close: () => Promise<void>
let isolation: Isolation
let ash: Tenant
let birch: Tenant
let tenants: readonly Tenant[]
let round = 0

beforeAll(async () => {
  const opened = await openSandbox({ standbys: 0, auth: 'scram' })
  sandbox = opened.sandbox
  close = opened.close
  isolation = createIsolation([describeServer(sandbox, sandbox.primary)], {
    parser,
    tenantPassword: passwordOf,
  })
})

afterAll(() => close())

/** Two tenants that are kept apart, with names that need quoting, for one test alone. */
beforeEach(async () => {
  round += 1
  ash = await makeTenant(`ash ${round}`)
  birch = await makeTenant(`b"ir'ch ß ${round}`)
  tenants = [ash, birch]
})

test('finds nothing between tenants that are kept apart, and is refused by each', async () => {
  expect(await isolation.findLeaks(tenants, never)).toEqual([])
  expect(await isolation.probe(ash, birch, never)).toEqual({ result: 'refused', sqlstate: '42501' })
  expect(await isolation.probe(birch, ash, never)).toEqual({ result: 'refused', sqlstate: '42501' })
})

test('names a grant of CONNECT and of SELECT, and the statements that take them away', async () => {
  await sandbox.query(`grant connect on database ${quoted(birch.database)} to ${quoted(ash.appRole)}`)
  await sandbox.query(
    `grant usage on schema public to ${quoted(ash.appRole)}; grant select, delete on orders to ${quoted(ash.appRole)}`,
    birch.database,
  )
  const leaks = await isolation.findLeaks(tenants, never)
  expect(leaks.map(leak => leak.grant)).toEqual([
    'CONNECT is granted to it',
    'USAGE granted to it',
    'DELETE, SELECT granted to it',
  ])
  expect(leaks.every(leak => leak.role === ash.appRole && leak.ofTenant === ash.name)).toBe(true)
  expect(await isolation.probe(ash, birch, never)).toEqual({
    result: 'reached',
    detail: 'can read public.orders and can delete from public.orders',
  })
  expect(await sandbox.query('select count(*)::int as count from orders', birch.database)).toEqual([
    { count: 1 },
  ])
  await applyFixes(leaks)
  expect(await isolation.findLeaks(tenants, never)).toEqual([])
  expect(await isolation.probe(ash, birch, never)).toMatchObject({ result: 'refused' })
})

test('names PUBLIC where everybody may connect, as is PostgreSQL’s default', async () => {
  await sandbox.query(`grant connect on database ${quoted(birch.database)} to public`)
  const leaks = await isolation.findLeaks(tenants, never)
  expect(leaks).toEqual([
    {
      role: ash.appRole,
      ofTenant: ash.name,
      reaches: `database ${quoted(birch.database)}`,
      grant: 'CONNECT is granted to PUBLIC',
      fix: `revoke connect on database ${quoted(birch.database)} from public;`,
    },
  ])
  expect(await isolation.probe(ash, birch, never)).toEqual({
    result: 'reached',
    detail: 'no table there can be read or written',
  })
  await applyFixes(leaks)
  expect(await isolation.findLeaks(tenants, never)).toEqual([])
})

test('follows a shared role to what it opens', async () => {
  const shared = `readers ${round}`
  await sandbox.query(
    `create role ${quoted(shared)}; grant ${quoted(shared)} to ${quoted(ash.appRole)}, ${quoted(birch.appRole)};
     grant connect on database ${quoted(birch.database)} to ${quoted(shared)}`,
  )
  await sandbox.query(`grant select on orders to ${quoted(shared)}`, birch.database)
  const leaks = await isolation.findLeaks(tenants, never)
  expect(leaks.map(({ role, grant }) => ({ role, grant }))).toEqual([
    { role: ash.appRole, grant: `CONNECT is granted to "${shared}", of which it is a member` },
    { role: ash.appRole, grant: `SELECT granted to "${shared}", of which it is a member` },
  ])
  await applyFixes(leaks)
  expect(await isolation.findLeaks(tenants, never)).toEqual([])
})

test('names a membership in the other tenant’s own role', async () => {
  await sandbox.query(`grant ${quoted(birch.appRole)} to ${quoted(ash.appRole)}`)
  const leaks = await isolation.findLeaks(tenants, never)
  expect(leaks.map(leak => leak.grant)).toContain(
    `it is a member of ${quoted(birch.appRole)}, the role of that tenant`,
  )
  await applyFixes(leaks)
  expect(await isolation.findLeaks(tenants, never)).toEqual([])
})

test('names attributes and memberships that stand above every grant', async () => {
  await sandbox.query(
    `alter role ${quoted(ash.appRole)} bypassrls; grant pg_read_all_data to ${quoted(ash.appRole)};
     alter role ${quoted(birch.appRole)} superuser`,
  )
  const leaks = await isolation.findLeaks(tenants, never)
  expect(leaks.map(({ role, grant, fix }) => ({ role, grant, fix }))).toEqual([
    {
      role: ash.appRole,
      grant: 'it has the attribute BYPASSRLS',
      fix: `alter role ${quoted(ash.appRole)} nobypassrls;`,
    },
    {
      role: ash.appRole,
      grant: 'it is a member of pg_read_all_data',
      fix: `revoke pg_read_all_data from ${quoted(ash.appRole)};`,
    },
    {
      role: birch.appRole,
      grant: 'it has the attribute SUPERUSER',
      fix: `alter role ${quoted(birch.appRole)} nosuperuser;`,
    },
  ])
  await sandbox.query(`alter role ${quoted(birch.appRole)} nosuperuser`)
})

test('names a foreign server with a mapping, and dblink', async () => {
  await sandbox.query(
    `create extension postgres_fdw; create extension dblink;
     create server "oth er" foreign data wrapper postgres_fdw options (dbname ${quoteLiteral(birch.database)});
     create user mapping for ${quoted(ash.appRole)} server "oth er" options (user 'x', password 'hidden');
     create server warehouse foreign data wrapper postgres_fdw options (host 'elsewhere', dbname 'warehouse');
     grant usage on foreign server warehouse to ${quoted(ash.appRole)}`,
    ash.database,
  )
  const leaks = await isolation.findLeaks(tenants, never)
  expect(leaks.map(leak => leak.grant)).toEqual([
    `foreign server "oth er" (dbname=${birch.database}), with a user mapping`,
    expect.stringMatching(/^it may call public\.dblink\(text\), .*public\.dblink_send_query\(text,text\)$/),
  ])
  expect(JSON.stringify(leaks)).not.toContain('hidden')
  await applyFixes(leaks)
  expect(await isolation.findLeaks(tenants, never)).toEqual([])
})

test('names tenants that log in as the same role', async () => {
  const twin: Tenant = { ...birch, appRole: ash.appRole }
  const leaks = await isolation.findLeaks([ash, twin], never)
  expect(leaks[0]).toMatchObject({ role: ash.appRole, grant: 'it is the application role of all of them' })
})

test('does not take a login that nobody would be given for a proof', async () => {
  const wrong = createIsolation([describeServer(sandbox, sandbox.primary)], {
    parser,
    tenantPassword: () => 'not the password',
  })
  expect(await wrong.probe(ash, birch, never)).toEqual({
    result: 'unknown',
    detail: `it cannot log in to its own database ${ash.database} (authentication failed, SQLSTATE 28P01)`,
  })
})

test('runs a query as the tenant’s own role, in a session that cannot write', async () => {
  expect(await isolation.runQuery(ash, 'select current_user, 1 from orders', 5000, never)).toEqual({
    rows: 1,
    first: ash.appRole,
  })
  expect(await catchFailure(isolation.runQuery(ash, 'delete from orders', 5000, never))).toMatchObject({
    sqlstate: '25006',
  })
  expect(await catchFailure(isolation.runQuery(ash, 'select pg_sleep(30)', 100, never))).toMatchObject({
    sqlstate: '57014',
  })
})

async function makeTenant(name: string): Promise<Tenant> {
  const tenant: Tenant = { name, cluster: 'main', database: name, appRole: `${name}_app` }
  await sandbox.query(
    `create role ${quoted(tenant.appRole)} login password ${quoteLiteral(passwordOf(tenant))}`,
  )
  await sandbox.query(`create database ${quoted(name)}`)
  await sandbox.query(
    `revoke connect, temporary on database ${quoted(name)} from public;
     grant connect on database ${quoted(name)} to ${quoted(tenant.appRole)}`,
  )
  await sandbox.query(
    `create table orders (id int); insert into orders values (1);
     grant all on orders to ${quoted(tenant.appRole)}`,
    name,
  )
  return tenant
}

function passwordOf(tenant: Tenant): string {
  return `secret of ${tenant.name}`
}

function quoted(name: string | null): string {
  return quoteIdentifier(name ?? '')
}

/** Does what the leaks say, where they say it: the remedy must work as it is written. */
async function applyFixes(leaks: readonly { readonly fix: string }[]): Promise<void> {
  for (const { fix } of leaks) {
    const database = tenants.find(tenant =>
      fix.endsWith(`-- in database ${quoted(tenant.database)}`),
    )?.database
    await sandbox.query(fix, database)
  }
}
