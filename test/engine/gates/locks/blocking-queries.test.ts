import { expect, test } from 'vitest'
import { blockingQueries } from '../../../../electron/engine/gates/locks/blocking-queries.ts'
import type { BlockingSession, GateFacts } from '../../../../electron/engine/ports/gate-facts.ts'
import { gidFor } from '../../../../electron/naming/gid.ts'
import { createContext, never, step } from '../fake-context.ts'

function session(changes: Partial<BlockingSession> = {}): BlockingSession {
  return {
    pid: 4711,
    application: 'report',
    state: 'active',
    ageSeconds: 0.1,
    stateSeconds: 0.1,
    gid: null,
    locks: [],
    ...changes,
  }
}

/** Rounds of what is seen in birch; the last one stays. */
function contextWith(...rounds: readonly (readonly BlockingSession[])[]) {
  const left = [...rounds]
  const readBlockingSessions: GateFacts['readBlockingSessions'] = async tenant => {
    if (tenant.name !== 'birch') return []
    return (left.length > 1 ? left.shift() : left[0]) ?? []
  }
  return createContext({ facts: { readBlockingSessions } })
}

const held = ['public.orders:AccessShareLock']

test('lets through when nobody is in the way', async () => {
  expect(await blockingQueries.judge(contextWith([]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "no lock on a touched table for 2 s, no transaction over 30 s, none idle over 5 s",
      "value": "0 blockers, 2 tenants looked at",
      "verdict": "passed",
    }
  `)
})

test('does not stop over the short transactions of an application', async () => {
  const context = contextWith([session({ locks: held })], [session({ pid: 4712, locks: held })], [])
  expect(await blockingQueries.judge(context, never)).toMatchObject({ verdict: 'passed' })
})

test('stops at a session that keeps a lock on a touched table', async () => {
  const young = session({ locks: held, ageSeconds: 1 })
  const old = session({ locks: held, ageSeconds: 2.2 })
  expect(await blockingQueries.judge(contextWith([young], [young], [old]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "pid 4711 (report) is active, its transaction is 2 s old, holds public.orders:AccessShareLock",
          "tenant": "birch",
        },
      ],
      "remedy": "Let it finish, or end it: select pg_terminate_backend(4711);",
      "threshold": "no lock on a touched table for 2 s, no transaction over 30 s, none idle over 5 s",
      "value": "1 blocker, 2 tenants looked at",
      "verdict": "failed",
    }
  `)
})

test('stops at long and at idle transactions, whatever they hold', async () => {
  const context = contextWith([
    session({ ageSeconds: 31 }),
    session({ pid: 4712, state: 'idle in transaction', ageSeconds: 6, stateSeconds: 6, application: '' }),
    session({ pid: 4713, state: 'idle in transaction', ageSeconds: 6, stateSeconds: 1 }),
  ])
  expect(await blockingQueries.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "pid 4711 (report) is active, its transaction is 31 s old",
          "tenant": "birch",
        },
        {
          "fact": "pid 4712 (no application name) is idle in transaction, its transaction is 6 s old",
          "tenant": "birch",
        },
      ],
      "remedy": "Let it finish, or end it: select pg_terminate_backend(4711);
    Let it finish, or end it: select pg_terminate_backend(4712);",
      "threshold": "no lock on a touched table for 2 s, no transaction over 30 s, none idle over 5 s",
      "value": "2 blockers, 2 tenants looked at",
      "verdict": "failed",
    }
  `)
})

test('stops at a prepared transaction of somebody else, and names its tables', async () => {
  const context = contextWith([
    session({
      pid: 0,
      state: 'prepared',
      gid: "shop's own",
      ageSeconds: 3,
      locks: ['public.orders:AccessExclusiveLock'],
    }),
  ])
  expect(await blockingQueries.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "prepared transaction 'shop''s own' is 3 s old, holds public.orders:AccessExclusiveLock",
          "tenant": "birch",
        },
      ],
      "remedy": "In birch, after asking who prepared it: commit prepared 'shop''s own'; or rollback prepared 'shop''s own';",
      "threshold": "no lock on a touched table for 2 s, no transaction over 30 s, none idle over 5 s",
      "value": "1 blocker, 2 tenants looked at",
      "verdict": "failed",
    }
  `)
})

test('sends a transaction that another run has left to its recovery, and leaves its own alone', async () => {
  const transaction = { database: 'ash', owner: 'postgres', xid: '9', ageSeconds: 12.7 }
  const base = createContext()
  const context = createContext({
    prepared: {
      ...base.prepared,
      list: async () => [
        { ...transaction, gid: gidFor('01OTHER', 'rest', 'ash') },
        { ...transaction, gid: gidFor('01RUN', 'rest', 'ash') },
        { ...transaction, gid: 'not a tenant, not ours' },
      ],
    },
  })
  expect(await blockingQueries.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "transaction lockstep:01OTHER:rest:ash in ash is left prepared by another run, 12 s old",
          "server": "primary",
        },
      ],
      "remedy": "lockstep recover 01OTHER",
      "threshold": "no lock on a touched table for 2 s, no transaction over 30 s, none idle over 5 s",
      "value": "1 blocker, 2 tenants looked at",
      "verdict": "failed",
    }
  `)
})

test('asks about exactly the tables of the plan, and about all when they are not known', async () => {
  const asked: (readonly string[])[] = []
  const facts: Partial<GateFacts> = {
    readBlockingSessions: async (_tenant, tables) => {
      asked.push(tables)
      return []
    },
  }
  const { plan } = createContext()
  const judge = async (...steps: readonly ReturnType<typeof step>[]) => {
    const routes = [{ ...plan.routes[0]!, steps }]
    await blockingQueries.judge(createContext({ facts, plan: { ...plan, routes } }), never)
  }
  await judge(step('a1'))
  await judge(step('a1'), step('a2', { unrendered: 'reads the database' }))
  await judge(step('a1', { statements: [{ sql: 'do $$ begin end $$', tables: [] }] }))
  expect(asked).toEqual([['public.orders'], ['public.orders'], [], [], [], []])
})

test('does not count locks against a route that is known to touch no table', async () => {
  const { plan } = createContext()
  const routes = [
    {
      ...plan.routes[0]!,
      steps: [step('a1', { statements: [{ sql: "create type t as enum ('a')", tables: [] }] })],
    },
  ]
  const holder = session({ locks: held, ageSeconds: 3 })
  const context = { ...contextWith([holder]), plan: { ...plan, routes } }
  expect(await blockingQueries.judge(context, never)).toMatchObject({ verdict: 'passed' })
})
