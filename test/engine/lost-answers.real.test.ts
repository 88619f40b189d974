import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { EnginePorts } from '../../electron/engine/ports/engine-ports.ts'
import type { AcquiredLock } from '../../electron/engine/ports/servers.ts'
import {
  afterFact,
  changeFinishers,
  changeMigrate,
  failingSyncAt,
  lostConnection,
  unwritableFrom,
} from '../support/engine-faults.ts'
import {
  duplicateEmail,
  type EngineFixture,
  eventsOf,
  openEngineFixture,
  type TenantReading,
} from '../support/engine-fixture.ts'
import { openTcpProxy } from '../support/tcp-proxy.ts'
import { waitUntil } from '../support/wait-until.ts'

const oneGroup = { groups: [] }

let fixture: EngineFixture
let before: Readonly<Record<string, TenantReading>>
beforeAll(async () => {
  fixture = await openEngineFixture()
})
afterAll(() => fixture?.close())
beforeEach(async () => {
  await fixture.reset()
  before = await fixture.read()
})

const headsNow = async () => Object.values(await fixture.read()).map(one => one.heads.join())

describe('an answer that is lost', () => {
  it('after a tenant was committed is found in the status of its transaction', async () => {
    const change = changeFinishers(real => ({
      async commit(gid) {
        await real.commit(gid)
        throw lostConnection()
      },
    }))
    expect(await fixture.run({ change })).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })

  it('before a tenant was committed makes the command be sent again', async () => {
    const tried = new Set<string>()
    const change = changeFinishers((real, tenant) => ({
      async commit(gid) {
        if (tried.has(tenant)) return real.commit(gid)
        tried.add(tenant)
        throw lostConnection()
      },
    }))
    expect(await fixture.run({ change })).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await fixture.prepared()).toEqual([])
  })

  it('for good after the decision leaves the tenant named, and recovery rolls it forward', async () => {
    const change = changeFinishers((real, tenant) => ({
      commit: gid => (tenant === 'cedar' ? Promise.reject(lostConnection()) : real.commit(gid)),
    }))
    const settings = { ...oneGroup, execution: { settleSeconds: 2 } }
    const run = await fixture.run({ change, settings })
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6, failure: { kind: 'connection_lost' } })
    expect(eventsOf(run.events, 'tenant.unsettled').map(event => event.tenant)).toEqual(['cedar'])
    expect(eventsOf(run.events, 'tenant.rolled_back')).toEqual([])
    expect(await fixture.prepared()).toHaveLength(1)
    expect(await fixture.recover(run.runId)).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })

  it('of those who have committed decides nothing in a recovery: the other votes wait until somebody answers', async () => {
    const change = changeFinishers((real, tenant) => ({
      commit: gid => (tenant === 'cedar' ? Promise.reject(lostConnection()) : real.commit(gid)),
    }))
    const settings = { ...oneGroup, execution: { settleSeconds: 1 } }
    const run = await fixture.run({ change, settings })
    const silent = (ports: EnginePorts): EnginePorts => ({
      ...ports,
      prepared: { ...ports.prepared, status: () => Promise.reject(lostConnection()) },
      source: { ...ports.source, readHeads: () => Promise.reject(lostConnection()) },
    })
    expect(await fixture.recover(run.runId, { change: silent, settings })).toMatchObject({ exitCode: 6 })
    expect(await fixture.prepared()).toHaveLength(1)
    expect(await fixture.recover(run.runId)).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })

  it.each(['atomic', 'independent'])(
    'of a migration that committed by itself is for a human, in an %s group',
    async mode => {
      const change = changeMigrate(async (real, request, ...rest) => {
        if (request.tenant.name !== 'birch') return real(request, ...rest)
        await fixture.sandbox.query("insert into users values (9, 'slipped@example.org')", 'birch')
        const failure = {
          kind: 'committed_behind_our_back',
          tenant: 'birch',
          detail: 'a commit in the revision',
        } as const
        return { status: 'unknown', xid: null, failure }
      })
      const settings = {
        groups: [{ name: 'all', tenants: ['*'], mode, parallel: 1 }],
        execution: { settleSeconds: 2 },
      }
      const run = await fixture.run({ change, settings })
      expect(run).toMatchObject({
        outcome: 'needs_human',
        exitCode: 6,
        failure: { kind: 'committed_behind_our_back' },
      })
      expect(eventsOf(run.events, 'tenant.unsettled').map(event => event.tenant)).toEqual(['birch'])
      expect(await fixture.prepared()).toEqual([])
    },
  )

  it('to a rollback is no reason to ask for a human', async () => {
    await fixture.sandbox.query(duplicateEmail, 'cedar')
    const change = changeFinishers(real => ({
      async rollback(gid) {
        await real.rollback(gid)
        throw lostConnection()
      },
    }))
    expect(await fixture.run({ change })).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.prepared()).toEqual([])
  })

  it('to a vote that arrived counts as the yes that it was', async () => {
    const change = changeMigrate(async (real, ...args) => {
      const result = await real(...args)
      return result.status === 'finished'
        ? { status: 'unknown', failure: lostConnection().failure, xid: result.xid }
        : result
    })
    expect(await fixture.run({ change })).toMatchObject({ outcome: 'migrated', exitCode: 0 })
  })

  it('to a vote that never arrived counts as a no', async () => {
    const change = changeMigrate(async (real, request, observer, signal) => {
      const silent = { ...observer, readyToVote: async () => 'rollback' as const }
      const result = await real(request, silent, signal)
      return request.tenant.name === 'cedar'
        ? { status: 'unknown', failure: lostConnection().failure, xid: null }
        : result
    })
    expect(await fixture.run({ change })).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.read()).toEqual(before)
  })

  it('to a vote whose backend is still on its way is waited for', async () => {
    const late: Promise<unknown>[] = []
    const change = changeMigrate((real, request, observer, signal) => {
      if (request.tenant.name !== 'cedar') return real(request, observer, signal)
      let xid: string | null = null
      return new Promise(resolve => {
        const slow = {
          ...observer,
          started: (facts: { backendPid: number; xid: string | null }) => {
            xid = facts.xid
            return observer.started(facts)
          },
          readyToVote: async (inspection: Parameters<typeof observer.readyToVote>[0]) => {
            const answer = await observer.readyToVote(inspection)
            resolve({ status: 'unknown', failure: lostConnection().failure, xid })
            // The runner lives on without its engine, and prepares a moment later.
            await delay(1_500)
            return answer
          },
        }
        late.push(real(request, slow, signal))
      })
    })
    expect(await fixture.run({ change, settings: oneGroup })).toMatchObject({ outcome: 'migrated' })
    await Promise.all(late)
    expect(await fixture.prepared()).toEqual([])
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })
})

describe('a run lock', () => {
  it('that is lost before the decision lets nobody commit', async () => {
    let lock: AcquiredLock | null = null
    const run = await fixture.run({
      change: ports => ({
        ...ports,
        locks: {
          ...ports.locks,
          acquire: async (...args) => {
            const acquired = await ports.locks.acquire(...args)
            if (acquired.acquired) lock = acquired
            return acquired
          },
        },
      }),
      changeLog: afterFact(
        fact => fact.type === 'tenant.voted' && fact.tenant === 'cedar',
        async () => {
          await fixture.sandbox.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'lockstep run %'",
          )
          await waitUntil(() => lock?.isHeld() === false, 'the engine to notice')
        },
      ),
    })
    expect(run).toMatchObject({ outcome: 'rolled_back', exitCode: 5, failure: { kind: 'connection_lost' } })
    expect(eventsOf(run.events, 'tenant.voted').map(event => event.vote)).toEqual(['yes', 'yes', 'yes'])
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })

  it('that is lost while a statement of a tenant runs stops the statement, and says why', async () => {
    fixture.addMigrations({ '0002_email.up.sql': 'select pg_sleep(3600);' })
    const run = await fixture.run({
      changeLog: afterFact(
        fact => fact.type === 'tenant.started',
        async () => {
          await fixture.sandbox.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'lockstep run %'",
          )
        },
      ),
    })
    expect(run).toMatchObject({
      outcome: 'rolled_back',
      exitCode: 5,
      failure: { kind: 'connection_lost', during: 'holding the run lock' },
    })
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
    const running = await fixture.sandbox.query(
      "select query from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()",
    )
    expect(running).toEqual([])
  })

  it('behind a network that swallows everything ends the run, though its statement has no deadline', async () => {
    const proxy = await openTcpProxy(fixture.sandbox.primary.port)
    try {
      fixture.addMigrations({
        '0002_email.up.sql': 'alter table users add column note text;\nselect pg_sleep(3600);',
      })
      const run = await fixture.run({
        settings: {
          servers: [{ name: 'main', role: 'primary', host: '127.0.0.1', port: proxy.port, user: 'postgres' }],
          execution: { settleSeconds: 2 },
        },
        changeLog: afterFact(
          fact => fact.type === 'statement.executed',
          async () => proxy.swallowAll(),
        ),
      })
      // Nobody was asked to prepare; whether the servers hold something cannot be read.
      expect(run).toMatchObject({
        exitCode: 6,
        failure: { kind: 'connection_lost', during: 'holding the run lock' },
      })
      expect(eventsOf(run.events, 'tenant.voting')).toEqual([])
      proxy.heal()
      expect(await fixture.prepared()).toEqual([])
      expect(await headsNow()).toEqual(['0001', '0001', '0001'])
    } finally {
      await proxy.close()
    }
  })

  it('is refused to a second engine on the same cluster, with the name of the first', async () => {
    let second: ReturnType<EngineFixture['run']> | null = null
    const run = await fixture.run({
      changeLog: afterFact(
        fact => fact.type === 'group.started' && fact.group === 'canary',
        async () => {
          second = fixture.run()
          await second
        },
      ),
    })
    expect(run.outcome).toBe('migrated')
    const refused = await (second as unknown as ReturnType<EngineFixture['run']>)
    expect(refused).toMatchObject({
      outcome: 'locked',
      exitCode: 7,
      failure: { kind: 'run_locked', cluster: 'main' },
    })
    expect(JSON.stringify(refused.failure)).toContain(run.runId)
  })
})

describe('a log that cannot be written', () => {
  it('from any event on never lets a tenant commit without a decision on disk', {
    timeout: 240_000,
  }, async () => {
    const clean = await fixture.run()
    const first = clean.events.findIndex(
      event => event.type === 'phase.started' && event.phase === 'migration_execution',
    )
    const settled = clean.events.findLastIndex(event => event.type === 'group.finished')
    const { length } = clean.events
    // After the last group is settled every event is one of its verification.
    for (const number of [...range(first + 1, settled + 2), length - 1, length]) {
      await putBack()
      const run = await fixture.run({ changeLog: unwritableFrom(number) })
      const decided = eventsOf(run.events, 'group.decided').map(event => event.group)
      const after = await fixture.read()
      const committed = ['acorn', ...(decided.includes('rest') ? ['birch', 'cedar'] : [])].slice(
        decided.includes('canary') ? 0 : 3,
      )
      const label = `append ${number}, before ${clean.events[number - 1]?.type}`
      expect(await fixture.prepared(), label).toEqual([])
      for (const [tenant, was] of Object.entries(before))
        expect(after[tenant]?.heads, `${label}, ${tenant}`).toEqual(
          committed.includes(tenant) ? ['0002'] : was.heads,
        )
      const isOver = number >= length - 1
      const expected = isOver ? 0 : committed.length > 0 ? 6 : 5
      expect(run.exitCode, label).toBe(expected)
      expect(run.failure, label).toMatchObject({ kind: 'log_unwritable' })
      const recovered = await fixture.recover(run.runId)
      expect(recovered.exitCode, label).toBe(committed.length === 3 ? 0 : committed.length === 0 ? 5 : 6)
    }
  })

  it('at the decision itself takes the rest back when recovery finds the decision and nobody who followed it', async () => {
    const run = await fixture.run({
      settings: { ...oneGroup, execution: { settleSeconds: 1 } },
      changeLog: failingSyncAt(fact => fact.type === 'group.decided'),
      change: changeFinishers((real, tenant) => ({
        rollback: gid => (tenant === 'cedar' ? Promise.reject(lostConnection()) : real.rollback(gid)),
      })),
    })
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6 })
    expect(run.events.at(-1)).toMatchObject({ type: 'group.decided', decision: 'commit' })
    expect(await fixture.prepared()).toHaveLength(1)
    expect(await fixture.recover(run.runId)).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })

  async function putBack(): Promise<void> {
    for (const [tenant, { heads }] of Object.entries(await fixture.read()))
      if (heads.join() !== '0001') await fixture.resetTenant(tenant)
  }
})

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
