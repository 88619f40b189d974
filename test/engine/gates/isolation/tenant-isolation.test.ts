import { expect, test } from 'vitest'
import { createSqlParser } from '../../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { tenantIsolation } from '../../../../electron/engine/gates/isolation/tenant-isolation.ts'
import type { Isolation, IsolationLeak, SharedTables } from '../../../../electron/engine/ports/gate-facts.ts'
import { createContext, never, sealed, step, tenants } from '../fake-context.ts'

const leak: IsolationLeak = {
  role: 'ash_app',
  ofTenant: 'ash',
  reaches: 'database birch',
  grant: 'CONNECT is granted to PUBLIC',
  fix: 'revoke connect on database birch from public;',
}

function contextWith(isolation: Partial<Isolation>) {
  return createContext({ isolation: { ...sealed, ...isolation } })
}

test('lets tenants through that are kept apart', async () => {
  expect(await tenantIsolation.judge(createContext(), never)).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "no way from one tenant to another",
      "value": "0 leaks; 2 tenants, 2 probes",
      "verdict": "passed",
    }
  `)
})

test('stops at a leak, and names the grant and the statement that takes it back', async () => {
  const context = contextWith({
    findLeaks: async () => [leak],
    probe: async from =>
      from.name === 'ash'
        ? { result: 'reached', detail: 'can read public.orders' }
        : { result: 'refused', sqlstate: '42501' },
  })
  expect(await tenantIsolation.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "role ash_app reaches database birch: CONNECT is granted to PUBLIC",
          "tenant": "ash",
        },
        {
          "fact": "role ash_app was let into database birch: can read public.orders",
          "tenant": "ash",
        },
      ],
      "remedy": "revoke connect on database birch from public;",
      "threshold": "no way from one tenant to another",
      "value": "2 leaks; 2 tenants, 2 probes",
      "verdict": "failed",
    }
  `)
})

test('only warns of a role that is allowed, with the reason', async () => {
  const base = contextWith({ findLeaks: async () => [leak] })
  const tenant_isolation = { probes: true, allow: [{ role: 'ash_app', reason: 'reports for the owner' }] }
  const context = { ...base, settings: { ...base.settings, tenant_isolation } }
  expect(await tenantIsolation.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "role ash_app reaches database birch: CONNECT is granted to PUBLIC (allowed: reports for the owner)",
          "tenant": "ash",
        },
      ],
      "remedy": "",
      "threshold": "no way from one tenant to another",
      "value": "1 leak; 2 tenants, 2 probes",
      "verdict": "warned",
    }
  `)
})

test('cannot judge where a role could not be tried', async () => {
  const context = contextWith({ probe: async () => ({ result: 'unknown', detail: 'its login is refused' }) })
  expect(await tenantIsolation.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "whether role ash_app is kept out of database birch could not be tried: its login is refused",
          "tenant": "ash",
        },
        {
          "fact": "whether role birch_app is kept out of database ash could not be tried: its login is refused",
          "tenant": "birch",
        },
      ],
      "remedy": "Set tenants.appPassword, or switch probes off: gates.tenant_isolation.probes: false",
      "threshold": "no way from one tenant to another",
      "value": "0 leaks; 2 tenants, 2 probes",
      "verdict": "inconclusive",
    }
  `)
})

test('tries every role and every database once, in a ring', async () => {
  const tried: string[] = []
  const base = contextWith({
    probe: async (from, to) => {
      tried.push(`${from.name} -> ${to.name}`)
      return { result: 'refused', sqlstate: '42501' }
    },
  })
  const more = ['ash', 'birch', 'cedar'].map(name => ({
    ...tenants[0]!,
    name,
    database: name,
    appRole: name,
  }))
  const far = { ...tenants[0]!, name: 'far', cluster: 'other' }
  await tenantIsolation.judge({ ...base, topology: { ...base.topology, tenants: [...more, far] } }, never)
  expect(tried).toEqual(['ash -> birch', 'birch -> cedar', 'cedar -> ash'])
})

test('tries nothing when probes are switched off, and does not apply without roles', async () => {
  const base = contextWith({
    probe: async () => {
      throw new Error('tried all the same')
    },
  })
  const settings = { ...base.settings, tenant_isolation: { probes: false, allow: [] } }
  expect(await tenantIsolation.judge({ ...base, settings }, never)).toMatchObject({ verdict: 'passed' })
  const bare = tenants.map(tenant => ({ ...tenant, appRole: null }))
  const topology = { ...base.topology, tenants: bare }
  expect(await tenantIsolation.judge({ ...base, topology }, never)).toMatchObject({
    verdict: 'not_applicable',
  })
})

test('only warns of an object that is allowed, and of a role only on that object', async () => {
  const own = { ...leak, object: 'public.orders' }
  const judge = async (allow: readonly { role?: string; object?: string; reason: string }[]) => {
    const base = contextWith({ findLeaks: async () => [own] })
    const tenant_isolation = { probes: false, allow: [...allow] }
    const answer = await tenantIsolation.judge(
      { ...base, settings: { ...base.settings, tenant_isolation } },
      never,
    )
    return answer.verdict
  }
  expect(await judge([{ object: 'public.orders', reason: 'known' }])).toBe('warned')
  expect(await judge([{ object: 'public.orders', role: 'ash_app', reason: 'known' }])).toBe('warned')
  expect(await judge([{ object: 'public.orders', role: 'birch_app', reason: 'known' }])).toBe('failed')
  expect(await judge([{ object: 'public.items', reason: 'known' }])).toBe('failed')
})

const shared: SharedTables = {
  column: 'tenant_id',
  setting: 'app.tenant',
  isJudged: () => true,
  isLookup: table => table === 'public.countries',
  tenants: ['1', '2'],
  query: null,
}

const noRows = { leaks: [], tried: 3, untried: [], blind: [] }

test('shows what can only be guessed, and passes', async () => {
  const note: IsolationLeak = { ...leak, fix: '', weight: 'note', reaches: 'whether a row exists' }
  const context = contextWith({
    shared,
    findLeaks: async () => [note],
    listRowTenants: async () => ['1', '2'],
    probeRows: async () => ({ ...noRows, untried: ['public.odd: it has no row of tenant 1'] }),
  })
  expect(await tenantIsolation.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "role ash_app reaches whether a row exists: CONNECT is granted to PUBLIC",
          "tenant": "ash",
        },
        {
          "fact": "not tried: public.odd: it has no row of tenant 1",
          "tenant": "birch",
        },
      ],
      "remedy": "",
      "threshold": "no way from one tenant to another",
      "value": "0 leaks; 2 databases, 12 probes",
      "verdict": "passed",
    }
  `)
})

test('stops at rows of another tenant that could be read, once for each table', async () => {
  const probed = {
    ...leak,
    reaches: 'rows of another tenant in public.orders',
    object: 'public.orders',
    fix: '',
  }
  const context = contextWith({
    shared,
    listRowTenants: async () => ['1', '2'],
    probeRows: async () => ({ ...noRows, leaks: [probed] }),
  })
  expect(await tenantIsolation.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "role ash_app reaches rows of another tenant in public.orders: CONNECT is granted to PUBLIC",
          "tenant": "ash",
        },
      ],
      "remedy": "",
      "threshold": "no way from one tenant to another",
      "value": "1 leak; 2 databases, 12 probes",
      "verdict": "failed",
    }
  `)
})

test('cannot judge where a tenant sees not even its own rows, and says where nothing was tried', async () => {
  const context = contextWith({
    shared,
    listRowTenants: async ({ name }) => (name === 'ash' ? ['1', '2'] : ['1']),
    probeRows: async () => ({ ...noRows, blind: ['public.orders'] }),
  })
  expect(await tenantIsolation.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "with app.tenant = 1, role ash_app sees not even its own rows in public.orders: nothing is proven",
          "tenant": "ash",
        },
        {
          "fact": "with app.tenant = 2, role ash_app sees not even its own rows in public.orders: nothing is proven",
          "tenant": "ash",
        },
        {
          "fact": "nothing was tried in database birch: its tables hold rows of 1 tenant, and it takes two (tenants.rls.tenants names them)",
          "tenant": "birch",
        },
      ],
      "remedy": "Check that the policies read app.tenant (tenants.rls.setting), or leave the table out (tenants.rls.tables).",
      "threshold": "no way from one tenant to another",
      "value": "0 leaks; 2 databases, 6 probes",
      "verdict": "inconclusive",
    }
  `)
})

test('stops before a plan makes a shared table that it does not close', async () => {
  const parser = createSqlParser()
  const texts = [
    'create table open_one (id int, tenant_id int)',
    'create table public.half (id int, tenant_id int)',
    'alter table public.half enable row level security',
    '-- closed\ncreate table if not exists "closed" (id int, tenant_id int)',
    'alter table closed enable row level security',
    'alter table closed force row level security',
    'create policy own on closed using (tenant_id = 1)',
    'create table countries (code text)',
    'create table part partition of half for values in (1)',
    'create temporary table passing (id int)',
    'create table gone (id int)',
    'drop table gone',
    'create table told (id int)',
    'comment on table told is $$enable row level security; force row level security$$',
    `create policy own on told using ('force row level security' = '')`,
    'create table opened (id int)',
    'alter table opened enable row level security, force row level security',
    'create policy own on opened using (true)',
    'alter table opened disable row level security',
    'drop policy own on opened',
    'create table copied as select 1 as id',
    'select 1 as id into filled',
    'create table closed_new (id int, tenant_id int)',
    'drop table closed',
    'alter table closed_new rename to closed',
    'alter table closed enable row level security, force row level security',
    'create policy own on closed using (tenant_id = 1)',
    'create table if not exists closed (id int)',
    'create table early (id int)',
    'alter table early set schema app',
    'alter table app.early enable row level security',
  ]
  const statements = await Promise.all(
    texts.map(async sql => ({ sql, tables: (await parser.describe(sql)).flatMap(({ tables }) => tables) })),
  )
  const base = contextWith({ shared, listRowTenants: async () => ['1', '2'], probeRows: async () => noRows })
  const routes = [{ id: 'from-a0', from: ['a0'], to: ['a1'], steps: [step('a1', { statements })] }]
  const { verdict, evidence, remedy } = await tenantIsolation.judge(
    { ...base, plan: { ...base.plan, routes } },
    never,
  )
  expect({ verdict, facts: evidence.map(({ fact }) => fact), remedy }).toMatchInlineSnapshot(`
    {
      "facts": [
        "role of every tenant reaches what the plan will put into new table public.open_one: revision a1 makes it without enable row level security, force row level security, a policy",
        "role of every tenant reaches what the plan will put into new table public.half: revision a1 makes it without force row level security, a policy",
        "role of every tenant reaches what the plan will put into new table public.told: revision a1 makes it without enable row level security, force row level security",
        "role of every tenant reaches what the plan will put into new table public.opened: revision a1 makes it without enable row level security, a policy",
        "role of every tenant reaches what the plan will put into new table public.copied: revision a1 makes it without enable row level security, force row level security, a policy",
        "role of every tenant reaches what the plan will put into new table public.filled: revision a1 makes it without enable row level security, force row level security, a policy",
        "role of every tenant reaches what the plan will put into new table app.early: revision a1 makes it without force row level security, a policy",
      ],
      "remedy": "Add to revision a1: alter table public.open_one enable row level security; alter table public.open_one force row level security; create policy ... on public.open_one; or list the table under tenants.rls.lookup.
    Add to revision a1: alter table public.half force row level security; create policy ... on public.half; or list the table under tenants.rls.lookup.
    Add to revision a1: alter table public.told enable row level security; alter table public.told force row level security; or list the table under tenants.rls.lookup.
    Add to revision a1: alter table public.opened enable row level security; create policy ... on public.opened; or list the table under tenants.rls.lookup.
    Add to revision a1: alter table public.copied enable row level security; alter table public.copied force row level security; create policy ... on public.copied; or list the table under tenants.rls.lookup.
    Add to revision a1: alter table public.filled enable row level security; alter table public.filled force row level security; create policy ... on public.filled; or list the table under tenants.rls.lookup.
    Add to revision a1: alter table app.early force row level security; create policy ... on app.early; or list the table under tenants.rls.lookup.",
      "verdict": "failed",
    }
  `)
})
