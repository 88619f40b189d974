import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../shared/run/run-event.ts'
import { type EngineFixture, eventsOf, openEngineFixture } from '../support/engine-fixture.ts'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture()
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

/** Somebody who reads a tenant's table in a transaction that stays open. */
async function blockTable(tenant: string): Promise<{ readonly release: () => Promise<void> }> {
  const client = await fixture.sandbox.connect(tenant)
  await client.query('begin')
  await client.query('select count(*) from users')
  return { release: () => client.end() }
}

describe('a tenant whose lock is taken', () => {
  it('is tried again after a lock timeout, and migrates once the lock is free', async () => {
    const blocker = await blockTable('cedar')
    let released: Promise<void> | null = null
    const readers = [
      (event: RunEvent) => {
        if (event.type === 'tenant.retried') released ??= blocker.release()
      },
    ]
    const run = await fixture.run({ readers })
    await released
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    const retried = eventsOf(run.events, 'tenant.retried')
    expect(retried[0]).toMatchObject({ tenant: 'cedar', volatile: { attempt: 2, sqlstate: '55P03' } })
  })

  it('is given up after its retries, and everybody is rolled back', async () => {
    const blocker = await blockTable('cedar')
    const before = await fixture.read()
    const run = await fixture.run({ settings: { execution: { lockTimeoutSeconds: 0.3, lockRetries: 2 } } })
    await blocker.release()
    expect(run).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(run.failure).toMatchObject({ kind: 'migration_failed', tenant: 'cedar', sqlstate: '55P03' })
    expect(eventsOf(run.events, 'tenant.retried').map(event => event.tenant)).toEqual(['cedar', 'cedar'])
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })

  it('is not waited for longer than the others may be held prepared', async () => {
    const blocker = await blockTable('cedar')
    const before = await fixture.read()
    const startedAt = performance.now()
    const execution = { lockTimeoutSeconds: 60, voteDeadlineSeconds: 2 }
    // Within one group, too: the clock starts with the first yes, not when a group is through.
    const run = await fixture.run({ settings: { groups: [], execution } })
    const tookMs = performance.now() - startedAt
    await blocker.release()
    expect(run).toMatchObject({
      outcome: 'rolled_back',
      exitCode: 5,
      failure: { kind: 'deadline_passed', waitingFor: 'every tenant to vote', seconds: 2 },
    })
    expect(tookMs).toBeLessThan(30_000)
    expect(eventsOf(run.events, 'tenant.voted').filter(event => event.vote === 'yes')).toHaveLength(2)
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })
})
