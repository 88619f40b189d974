import { expect, test } from 'vitest'
import { tenantIsolation } from '../../../electron/engine/gates/tenant-isolation.ts'
import type { Isolation, IsolationLeak } from '../../../electron/engine/ports/gate-facts.ts'
import { createContext, never, sealed, tenants } from './fake-context.ts'

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
