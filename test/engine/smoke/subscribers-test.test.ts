import { expect, it } from 'vitest'
import type { SmokeContext } from '../../../electron/engine/checks/smoke-test.ts'
import type { HeldSubscription, SubscriberFacts } from '../../../electron/engine/ports/subscriber-facts.ts'
import { createSubscribersTest } from '../../../electron/engine/smoke/subscribers-test.ts'
import type { ServerRole } from '../../../shared/topology/topology.ts'
import { columnType } from '../catalog-items.ts'
import { createContext, createFakeClock, defaults, never, observed } from '../gates/fake-context.ts'

const subscription: HeldSubscription = {
  name: 'reports',
  database: 'copy',
  slot: 'reports',
  publications: ['all'],
  isEnabled: true,
  isApplying: true,
  applyErrors: 0,
}
const columns = [{ name: 'id', type: columnType('integer') }]
const facts: SubscriberFacts = {
  readSlots: async () => [{ name: 'reports', database: 'ash', isActive: true }],
  readPublications: async () => [
    { name: 'all', newTables: [], tables: [{ table: 'public.orders', columns, isFixed: false }] },
  ],
  readSubscriptions: async () => [subscription],
  readTables: async () => [
    {
      table: 'public.orders',
      columns: columns.map(column => ({ ...column, isRequired: false })),
      filledBy: ['reports'],
    },
  ],
  waitForSlot: async () => ({ hasReached: true, waitedMs: 5, missingBytes: 0 }),
}

function judge(
  changes: Partial<SubscriberFacts>,
  word: 'warn' | 'fail' = 'warn',
  role: ServerRole = 'subscriber',
) {
  const { topology } = createContext()
  const copies = observed('copies', null, { declaredRole: 'subscriber', role })
  const [main] = topology.clusters
  if (!main) throw new Error('a cluster is needed')
  const test = createSubscribersTest({
    facts: { ...facts, ...changes },
    currentLsn: async () => '0/5',
    deadlineSeconds: 60,
    clock: createFakeClock(),
  })
  const context = {
    tenants: topology.tenants,
    topology: { ...topology, clusters: [{ ...main, subscribers: [copies] }] },
    settings: { ...defaults.gates, replay_conflict: { maxStallSeconds: 30, subscribers: word } },
  }
  return test.judge(context as unknown as SmokeContext, never)
}

it('passes where a subscription fits and has confirmed the commit', async () => {
  expect(await judge({})).toMatchObject({ verdict: 'passed', value: '1 of 1 subscription well' })
})

it('warns of one that stays behind, waits for it no longer than ten seconds, and fails where that is asked for', async () => {
  const waits: number[] = []
  const behind: Partial<SubscriberFacts> = {
    waitForSlot: async (_primary, _target, deadlineMs) => {
      waits.push(deadlineMs)
      return { hasReached: false, waitedMs: deadlineMs, missingBytes: 2_048 }
    },
  }
  expect((await judge(behind)).verdict).toBe('warned')
  expect((await judge(behind, 'fail')).verdict).toBe('failed')
  expect(waits).toEqual([10_000, 60_000])
})

it('does not wait for one that lacks a column, or is disabled', async () => {
  const waits: number[] = []
  const waitForSlot: SubscriberFacts['waitForSlot'] = async (_primary, _target, deadlineMs) => {
    waits.push(deadlineMs)
    return { hasReached: false, waitedMs: 0, missingBytes: 0 }
  }
  const lacking = { table: 'public.orders', columns: [], filledBy: ['reports'] }
  expect(await judge({ waitForSlot, readTables: async () => [lacking] })).toMatchObject({
    verdict: 'warned',
    remedy: expect.stringContaining('public.orders.id on copies'),
  })
  const disabled = { ...subscription, isEnabled: false }
  expect((await judge({ waitForSlot, readSubscriptions: async () => [disabled] })).verdict).toBe('warned')
  expect(waits).toEqual([0, 0])
})

it('only warns of a subscriber that cannot be asked, and could not judge where it is to stop a run', async () => {
  const broken: Partial<SubscriberFacts> = {
    readSubscriptions: async () => {
      throw new Error('no answer')
    },
  }
  expect((await judge({}, 'warn', 'unreachable')).verdict).toBe('warned')
  expect((await judge(broken)).verdict).toBe('warned')
  await expect(judge(broken, 'fail')).rejects.toThrow('no answer')
})
