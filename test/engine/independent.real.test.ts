import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AcquiredLock } from '../../electron/engine/ports/servers.ts'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { afterFact } from '../support/engine-faults.ts'
import {
  defaultMigrations,
  duplicateEmail,
  type EngineFixture,
  eventsOf,
  openEngineFixture,
} from '../support/engine-fixture.ts'
import { waitUntil } from '../support/wait-until.ts'

const alone = (changes: Readonly<Record<string, unknown>> = {}) => ({
  groups: [{ name: 'all', tenants: '*', mode: 'independent', parallel: 1, ...changes }],
})

/** A revision that votes, then one that cannot run in a transaction. */
const withTail = {
  ...defaultMigrations,
  '0002_email.up.sql': 'alter table users add column note text;',
  '0003_index.up.sql': 'create unique index concurrently users_email_idx on users (email);',
}

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture()
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

const headsNow = async () => Object.values(await fixture.read()).map(one => one.heads.join())

/** Whether each tenant has the index of the tail, and whether it is valid. */
const readIndexes = () =>
  Promise.all(
    fixture.tenants.map(async tenant => {
      const sql = "select indisvalid from pg_index where indexrelid = to_regclass('users_email_idx')"
      const [row] = await fixture.sandbox.query(sql, tenant)
      return row === undefined ? 'none' : row.indisvalid ? 'valid' : 'invalid'
    }),
  )

describe('an independent group', () => {
  it('commits each tenant alone, without any vote', async () => {
    const run = await fixture.run({ settings: alone({ parallel: 2 }) })
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(eventsOf(run.events, 'group.decided')).toEqual([])
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })

  it('stops at the first tenant that fails: those before it stay, those after it are not begun', async () => {
    await fixture.sandbox.query(duplicateEmail, 'birch')
    const before = await fixture.read()
    const run = await fixture.run({ settings: alone() })
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6, failure: { tenant: 'birch' } })
    expect(eventsOf(run.events, 'tenant.started').map(event => event.tenant)).toEqual(['acorn', 'birch'])
    expect(eventsOf(run.events, 'group.finished')).toMatchObject([{ result: 'partial' }])
    const after = await fixture.read()
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
    expect([after.birch, after.cedar]).toEqual([before.birch, before.cedar])
    const proven = eventsOf(run.events, 'rollback.proven')
    expect(proven.map(({ tenant, equal }) => [tenant, equal]).sort()).toEqual([
      ['birch', true],
      ['cedar', true],
    ])
  })

  it('goes on to the others when the policy says so, and names the one that failed', async () => {
    await fixture.sandbox.query(duplicateEmail, 'birch')
    const run = await fixture.run({ settings: alone({ onFailure: 'continue' }) })
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6, failure: { tenant: 'birch' } })
    expect(await headsNow()).toEqual(['0002', '0001', '0002'])
  })

  it('has changed nothing when its first tenant fails', async () => {
    await fixture.sandbox.query(duplicateEmail, 'acorn')
    const before = await fixture.read()
    expect(await fixture.run({ settings: alone() })).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.read()).toEqual(before)
  })

  it('that is interrupted before its first tenant has not migrated anybody, and says so', async () => {
    const controller = new AbortController()
    const interruption = { signal: controller.signal, name: () => 'SIGINT' as const }
    const readers = [(event: RunEvent) => void (event.type === 'group.started' && controller.abort())]
    const run = await fixture.run({ settings: alone(), interruption, readers })
    expect(run).toMatchObject({ outcome: 'interrupted', exitCode: 130, failure: { kind: 'cancelled' } })
    expect(await headsNow()).toEqual(['0001', '0001', '0001'])
  })

  it('that is interrupted between two tenants is not taken for migrated', async () => {
    const controller = new AbortController()
    const interruption = { signal: controller.signal, name: () => 'SIGINT' as const }
    const readers = [(event: RunEvent) => void (event.type === 'tenant.committed' && controller.abort())]
    const run = await fixture.run({ settings: alone(), interruption, readers })
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6 })
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
  })
})

describe('steps that cannot run in a transaction', () => {
  it('follow the commit of their atomic group, and the plan says from where on', async () => {
    fixture.writeMigrations(withTail)
    const run = await fixture.run()
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    const [planned] = eventsOf(run.events, 'plan.made')
    expect(planned?.plan.groups.map(group => group.mode)).toEqual(['atomic', 'atomic'])
    expect(planned?.plan.notes.map(note => note.kind)).toContain('not_atomic_from_here')
    expect(await headsNow()).toEqual(['0003', '0003', '0003'])
    expect(await readIndexes()).toEqual(['valid', 'valid', 'valid'])
  })

  it('are begun in no further tenant once the run lock is lost, and are named where they are left', async () => {
    fixture.writeMigrations(withTail)
    let lock: AcquiredLock | null = null
    const run = await fixture.run({
      settings: { groups: [{ name: 'all', tenants: '*', parallel: 1 }] },
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
        fact => fact.type === 'tenant.started' && fact.to.includes('0003'),
        async () => {
          await fixture.sandbox.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'lockstep run %'",
          )
          await waitUntil(() => lock?.isHeld() === false, 'the engine to notice')
        },
      ),
    })
    expect(run).toMatchObject({
      outcome: 'needs_human',
      failure: { kind: 'connection_lost', during: 'holding the run lock' },
    })
    expect(await headsNow()).toEqual(['0003', '0002', '0002'])
    const left = eventsOf(run.events, 'tenant.unsettled')
    expect(left.map(({ tenant, failure }) => [tenant, failure.kind])).toEqual([
      ['birch', 'steps_left'],
      ['cedar', 'steps_left'],
    ])
  })

  it('drop what an earlier attempt left invalid, and do it again', async () => {
    fixture.writeMigrations(withTail)
    await fixture.sandbox.query(duplicateEmail, 'birch')
    const statement = 'create unique index concurrently users_email_idx on users (email)'
    await expect(fixture.sandbox.query(statement, 'birch')).rejects.toThrow('could not create unique index')
    expect(await readIndexes()).toEqual(['none', 'invalid', 'none'])
    await fixture.sandbox.query('delete from users where id = 3', 'birch')
    expect(await fixture.run()).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await readIndexes()).toEqual(['valid', 'valid', 'valid'])
  })

  it('that fail after the commit ask for a human by the tenant, and a second run goes on from there', async () => {
    fixture.writeMigrations(withTail)
    await fixture.sandbox.query(duplicateEmail, 'cedar')
    const run = await fixture.run()
    expect(run).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'migration_failed', tenant: 'cedar', revision: '0003' },
    })
    expect(eventsOf(run.events, 'tenant.unsettled').map(event => event.tenant)).toContain('cedar')
    expect((await fixture.read()).cedar?.heads).toEqual(['0002'])
    expect(await readIndexes()).not.toContain('invalid')

    await fixture.sandbox.query('delete from users where id = 3', 'cedar')
    const second = await fixture.run()
    expect(second).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    const [planned] = eventsOf(second.events, 'plan.made')
    expect(planned?.plan.groups.find(group => group.name === 'rest')).toMatchObject({ mode: 'independent' })
    expect(await headsNow()).toEqual(['0003', '0003', '0003'])
    expect(await readIndexes()).toEqual(['valid', 'valid', 'valid'])
  })

  it('that fail and leave nothing behind, with nothing committed before, are proven to be undone', async () => {
    fixture.writeMigrations({ ...defaultMigrations, '0002_email.up.sql': withTail['0003_index.up.sql'] })
    for (const tenant of fixture.tenants) await fixture.sandbox.query(duplicateEmail, tenant)
    const before = await fixture.read()
    expect(await fixture.run()).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.read()).toEqual(before)
  })
})
