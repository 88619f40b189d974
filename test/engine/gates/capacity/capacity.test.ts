import { expect, test } from 'vitest'
import { capacity } from '../../../../electron/engine/gates/capacity/capacity.ts'
import {
  sumCapacityNeeds,
  type TenantLoad,
} from '../../../../electron/engine/gates/capacity/capacity-needs.ts'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import { createContext, never, planned, roomy } from '../fake-context.ts'

const { plan } = createContext()
const [group] = plan.groups

test('lets through what the servers have room for', async () => {
  expect(await capacity.judge(createContext(), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "92 connections free of 100, 5 needed and 3 to spare",
          "server": "primary",
        },
        {
          "fact": "about 16 locks held at once; the lock table has room for 7680, 3840 may be used",
          "server": "primary",
        },
        {
          "fact": "20 prepared slots free of 20, 2 needed",
          "server": "primary",
        },
        {
          "fact": "max_prepared_transactions is 20, at least 20 needed to follow the primary",
          "server": "standby-1",
        },
        {
          "fact": "10240 MiB of disk free, at least 256 MiB wanted",
          "server": "primary",
        },
        {
          "fact": "10240 MiB of disk free, at least 256 MiB wanted",
          "server": "standby-1",
        },
      ],
      "remedy": "",
      "threshold": "3 connections to spare, at most 50 % of the lock table",
      "value": "needs 5 connections, 2 prepared slots, 16 locks",
      "verdict": "passed",
    }
  `)
})

test('stops an atomic group where nothing can be prepared', async () => {
  const facts = { readCapacity: async (server: string) => roomy(server, { maxPreparedTransactions: 0 }) }
  expect(await capacity.judge(createContext({ facts }), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "max_prepared_transactions is 0, so nothing can be prepared; 2 slots needed",
          "server": "primary",
        },
        {
          "fact": "max_prepared_transactions is 0, at least 2 needed to follow the primary",
          "server": "standby-1",
        },
        {
          "fact": "92 connections free of 100, 5 needed and 3 to spare",
          "server": "primary",
        },
        {
          "fact": "about 16 locks held at once; the lock table has room for 6400, 3200 may be used",
          "server": "primary",
        },
        {
          "fact": "10240 MiB of disk free, at least 256 MiB wanted",
          "server": "primary",
        },
        {
          "fact": "10240 MiB of disk free, at least 256 MiB wanted",
          "server": "standby-1",
        },
      ],
      "remedy": "On each standby first, then on primary: alter system set max_prepared_transactions = 2; and restart it. Or choose mode: independent for the group.",
      "threshold": "3 connections to spare, at most 50 % of the lock table",
      "value": "needs 5 connections, 2 prepared slots, 16 locks",
      "verdict": "failed",
    }
  `)
})

test('stops when a standby has fewer prepared slots than its primary', async () => {
  const facts = {
    readCapacity: async (server: string) =>
      roomy(server, server === 'primary' ? {} : { maxPreparedTransactions: 10 }),
  }
  const answer = await capacity.judge(createContext({ facts }), never)
  expect(answer.verdict).toBe('failed')
  expect(answer.evidence[0]).toEqual({
    server: 'standby-1',
    fact: 'max_prepared_transactions is 10, at least 20 needed to follow the primary',
  })
})

test('needs no prepared slots for tenants that migrate independently', async () => {
  const facts = { readCapacity: async (server: string) => roomy(server, { maxPreparedTransactions: 0 }) }
  const context = createContext({ facts, plan: { ...plan, groups: [{ ...group!, mode: 'independent' }] } })
  expect(await capacity.judge(context, never)).toMatchObject({ verdict: 'passed' })
})

test('stops when connections, locks or disk run short, with a remedy for each', async () => {
  const facts = {
    readCapacity: async (server: string) =>
      roomy(server, {
        maxConnections: 10,
        usedConnections: 6,
        maxLocksPerTransaction: 1,
        freeDiskBytes: 1_048_576,
      }),
    countLockTargets: async () => 400,
  }
  expect(await capacity.judge(createContext({ facts }), never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "1 connection free of 10, at least 3 needed and 3 to spare",
          "server": "primary",
        },
        {
          "fact": "about 808 locks held at once; the lock table has room for 30, 15 may be used",
          "server": "primary",
        },
        {
          "fact": "1 MiB of disk free, at least 256 MiB wanted",
          "server": "primary",
        },
        {
          "fact": "1 MiB of disk free, at least 256 MiB wanted",
          "server": "standby-1",
        },
        {
          "fact": "20 prepared slots free of 20, 2 needed",
          "server": "primary",
        },
        {
          "fact": "max_prepared_transactions is 20, at least 20 needed to follow the primary",
          "server": "standby-1",
        },
      ],
      "remedy": "End sessions on primary, lower gates.capacity.spareConnections, or on primary: alter system set max_connections = 17; then restart it (standbys first).
    Use vote: group with smaller groups, or on every standby and then on primary: alter system set max_locks_per_transaction = 54; and restart.
    Free disk space for the data directory of primary, or lower gates.capacity.minFreeDiskBytes.
    Free disk space for the data directory of standby-1, or lower gates.capacity.minFreeDiskBytes.",
      "threshold": "3 connections to spare, at most 50 % of the lock table",
      "value": "needs 5 connections, 2 prepared slots, 808 locks",
      "verdict": "failed",
    }
  `)
})

test('says that the disk cannot be seen, and stops nothing over it', async () => {
  const facts = { readCapacity: async (server: string) => roomy(server, { freeDiskBytes: null }) }
  const answer = await capacity.judge(createContext({ facts }), never)
  expect(answer.verdict).toBe('passed')
  expect(answer.evidence).toContainEqual({
    server: 'primary',
    fact: 'free disk space cannot be seen from here',
  })
})

test('cannot judge a standby that does not answer', async () => {
  const facts = {
    readCapacity: async (server: string) => {
      if (server === 'primary') return roomy(server)
      throw new LockstepError({
        kind: 'server_unreachable',
        server,
        endpoint: '127.0.0.1:5433',
        code: 'ECONNREFUSED',
      })
    },
  }
  const answer = await capacity.judge(createContext({ facts }), never)
  expect(answer.verdict).toBe('inconclusive')
  expect(answer.evidence[0]).toMatchInlineSnapshot(`
    {
      "fact": "could not be asked for its room: Server standby-1 cannot be reached (127.0.0.1:5433): Nothing listens there (ECONNREFUSED).",
      "server": "standby-1",
    }
  `)
})

test('does not apply when every tenant is at the target', async () => {
  const groups = [{ ...group!, tenants: [planned('ash', { route: null })] }]
  expect(await capacity.judge(createContext({ plan: { ...plan, groups } }), never)).toMatchObject({
    verdict: 'not_applicable',
  })
})

test('counts what is held at the same time: the whole fleet, or the largest group', () => {
  const load = (name: string, mode: 'atomic' | 'independent'): TenantLoad => ({
    database: name,
    group: name,
    mode,
    parallel: 2,
    locks: 10,
  })
  const loads = [
    load('canary', 'atomic'),
    load('rest', 'atomic'),
    load('rest', 'atomic'),
    load('rest', 'atomic'),
  ]
  const execution = { parallelPerServer: 8, connectionsPerServer: 16 }
  expect(sumCapacityNeeds(loads, 'fleet', execution)).toEqual({ connections: 5, preparedSlots: 4, locks: 40 })
  expect(sumCapacityNeeds(loads, 'group', execution)).toEqual({ connections: 5, preparedSlots: 3, locks: 30 })
  const few = { parallelPerServer: 8, connectionsPerServer: 4 }
  expect(sumCapacityNeeds(loads, 'fleet', few)).toEqual({ connections: 4, preparedSlots: 4, locks: 40 })
  const alone = loads.map(() => load('rest', 'independent'))
  expect(sumCapacityNeeds(alone, 'fleet', execution)).toEqual({ connections: 5, preparedSlots: 0, locks: 20 })
})
