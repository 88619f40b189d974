import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { printCanonicalRun } from '../../electron/events/canonical-run.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import {
  defaultMigrations,
  duplicateEmail,
  type EngineFixture,
  eventsOf,
  openEngineFixture,
} from '../support/engine-fixture.ts'

import { waitUntil } from '../support/wait-until.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ tenants: ['acorn', 'birch', 'cedar', 'dogwood'] })
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

const indexOf = (events: readonly RunEvent[], type: RunEvent['type'], last = false): number =>
  last ? events.findLastIndex(event => event.type === type) : events.findIndex(event => event.type === type)

describe('a fleet vote', () => {
  it('commits every tenant of every group after all have voted yes, each group on a decision of its own', async () => {
    const run = await fixture.run()
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0, failure: null })
    expect(await fixture.prepared()).toEqual([])
    const readings = Object.values(await fixture.read())
    expect(readings.map(one => one.heads)).toEqual([['0002'], ['0002'], ['0002'], ['0002']])
    expect(new Set(readings.map(one => one.fingerprint)).size).toBe(1)
    expect(indexOf(run.events, 'tenant.voted', true)).toBeLessThan(indexOf(run.events, 'group.decided'))
    expect(indexOf(run.events, 'group.decided')).toBeLessThan(indexOf(run.events, 'tenant.committed'))
    expect(eventsOf(run.events, 'group.decided').map(({ group, decision }) => [group, decision])).toEqual([
      ['canary', 'commit'],
      ['rest', 'commit'],
    ])
    for (const { volatile } of eventsOf(run.events, 'group.finished'))
      expect(volatile.windowMs).toBeGreaterThan(0)
  })

  it('commits no tenant of any group when one of the last group breaks the new constraint', async () => {
    await fixture.sandbox.query(duplicateEmail, 'cedar')
    const before = await fixture.read()
    const run = await fixture.run()
    expect(run).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(run.failure).toMatchObject({ kind: 'migration_failed', tenant: 'cedar', sqlstate: '23505' })
    expect(eventsOf(run.events, 'tenant.committed')).toEqual([])
    expect(eventsOf(run.events, 'group.decided').map(event => event.decision)).not.toContain('commit')
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
    const proven = eventsOf(run.events, 'rollback.proven').filter(event => event.equal)
    expect(proven.map(event => event.tenant).sort()).toEqual(['acorn', 'birch', 'cedar', 'dogwood'])
  })

  it('leaves no session of its own behind', async () => {
    await fixture.sandbox.query(duplicateEmail, 'cedar')
    await fixture.run()
    const sessions = await fixture.sandbox.query(
      "select application_name from pg_stat_activity where application_name like 'lockstep%'",
    )
    expect(sessions).toEqual([])
  })
})

describe('a vote per group', () => {
  it('keeps the committed canary when the next group votes no, and asks for a human', async () => {
    await fixture.sandbox.query(duplicateEmail, 'cedar')
    const before = await fixture.read()
    const run = await fixture.run({ settings: { vote: 'group' } })
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6, failure: { tenant: 'cedar' } })
    const { acorn, ...rest } = await fixture.read()
    const { acorn: was, ...restBefore } = before
    expect(acorn?.heads).toEqual(['0002'])
    expect(was?.heads).toEqual(['0001'])
    expect(rest).toEqual(restBefore)
    expect(await fixture.prepared()).toEqual([])
  })
})

describe('a smoke test', () => {
  it('that fails after the canary committed rolls back every vote still open', async () => {
    const before = await fixture.read()
    const smokeTests = {
      isolation: false,
      queries: [{ name: 'no note', sql: 'select 1 where false', minRows: 1 }],
    }
    const run = await fixture.run({ settings: { smokeTests } })
    expect(run).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'smoke_failed', tests: ['tenant_answers'] },
    })
    expect(eventsOf(run.events, 'tenant.committed').map(event => event.tenant)).toEqual(['acorn'])
    const rolledBack = eventsOf(run.events, 'tenant.rolled_back')
    expect(rolledBack.map(({ tenant, how }) => [tenant, how]).sort()).toEqual([
      ['birch', 'prepared'],
      ['cedar', 'prepared'],
      ['dogwood', 'prepared'],
    ])
    const { acorn, ...rest } = await fixture.read()
    expect(acorn?.heads).toEqual(['0002'])
    expect(rest).toEqual({ birch: before.birch, cedar: before.cedar, dogwood: before.dogwood })
  })

  it('has no longer than the votes of the next group may be held', async () => {
    const settings = {
      execution: { voteDeadlineSeconds: 3 },
      smokeTests: {
        isolation: false,
        queries: [{ name: 'slow', sql: 'select pg_sleep(60)', timeoutSeconds: 100 }],
      },
    }
    const run = await fixture.run({ settings })
    expect(run).toMatchObject({ outcome: 'needs_human', failure: { kind: 'deadline_passed', seconds: 3 } })
    const held = eventsOf(run.events, 'group.finished').find(event => event.group === 'rest')
    expect(held).toMatchObject({ result: 'rolled_back' })
    expect(held?.volatile.windowMs).toBeLessThan(20_000)
    expect(await fixture.prepared()).toEqual([])
  })
})

describe('the log of a run', () => {
  it('is the same in its canonical form for two runs with parallel tenants', async () => {
    const first = await fixture.run()
    await fixture.reset()
    const second = await fixture.run()
    expect(second.runId).not.toBe(first.runId)
    expect(printCanonicalRun(second.events)).toBe(printCanonicalRun(first.events))
  })

  it('is the same in its canonical form when the same tenant votes no', async () => {
    const fail = async () => {
      await fixture.reset()
      await fixture.sandbox.query(duplicateEmail, 'cedar')
      return fixture.run()
    }
    const first = await fail()
    expect(printCanonicalRun((await fail()).events)).toBe(printCanonicalRun(first.events))
  })

  it('is written to its end when a reader throws, and the other readers hear all of it', async () => {
    const heard: string[] = []
    const readers = [
      () => {
        throw new Error('a broken screen')
      },
      (event: RunEvent) => void heard.push(event.type),
    ]
    const run = await fixture.run({ readers })
    expect(run.outcome).toBe('migrated')
    expect(heard).toEqual(run.events.map(event => event.type))
  })
})

describe('an interruption', () => {
  it('before the decision rolls every vote back and ends with the code of its signal', async () => {
    const before = await fixture.read()
    const controller = new AbortController()
    const interruption = { signal: controller.signal, name: () => 'SIGINT' as const }
    const readers = [(event: RunEvent) => void (event.type === 'tenant.voted' && controller.abort())]
    const run = await fixture.run({ interruption, readers })
    expect(run).toMatchObject({ outcome: 'interrupted', exitCode: 130, failure: { kind: 'cancelled' } })
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })

  it('after the decision of the last group lets it end as migrated', async () => {
    const controller = new AbortController()
    const interruption = { signal: controller.signal, name: () => 'SIGTERM' as const }
    const readers = [
      (event: RunEvent) =>
        void (event.type === 'group.decided' && event.group === 'rest' && controller.abort()),
    ]
    const run = await fixture.run({ interruption, readers })
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(eventsOf(run.events, 'tenant.committed')).toHaveLength(4)
  })

  it('cancels a statement that would run for a minute', async () => {
    fixture.writeMigrations({
      ...defaultMigrations,
      '0002_email.up.sql': 'select pg_sleep(60);',
    })
    const controller = new AbortController()
    const interruption = { signal: controller.signal, name: () => 'SIGINT' as const }
    const startedAt = performance.now()
    const running = fixture.run({ interruption, settings: { execution: { statementTimeoutSeconds: 90 } } })
    const sleeping = async () =>
      (await fixture.sandbox.query("select from pg_stat_activity where query like 'select pg_sleep(60)%'"))
        .length > 0
    await waitUntil(sleeping, 'a tenant to sleep')
    controller.abort()
    expect(await running).toMatchObject({ outcome: 'interrupted', exitCode: 130 })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    expect(await sleeping()).toBe(false)
  })
})
