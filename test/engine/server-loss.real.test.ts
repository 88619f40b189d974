import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listProcessesIn } from '../../electron/adapters/embedded-postgres/list-processes.ts'
import type { RunFact } from '../../shared/run/run-event.ts'
import { readVolatileNumber } from '../../shared/text/volatile.ts'
import { afterFact } from '../support/engine-faults.ts'
import {
  defaultMigrations,
  type EngineFixture,
  eventsOf,
  openEngineFixture,
} from '../support/engine-fixture.ts'

/** One group, so that one decision is about every tenant. */
const settings = { groups: [], execution: { settleSeconds: 30 } }
const isDecision = (fact: RunFact): boolean => fact.type === 'group.decided'
const isLastVote = (fact: RunFact): boolean => fact.type === 'tenant.voted' && fact.tenant === 'cedar'

let fixture: EngineFixture
beforeAll(async () => {
  fixture = await openEngineFixture({ sandbox: { standbys: 1, fsync: true } })
})
afterAll(() => fixture?.close())
beforeEach(() => fixture.reset())

const headsNow = async () => Object.values(await fixture.read()).map(one => one.heads.join())

describe('a primary that is killed', () => {
  it('between the decision and the commits is committed to as soon as it is back', async () => {
    let starting: Promise<void> = Promise.resolve()
    const changeLog = afterFact(isDecision, async () => {
      await fixture.sandbox.primary.kill()
      starting = fixture.sandbox.primary.start()
    })
    const run = await fixture.run({ settings, changeLog })
    await starting
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
    expect(await fixture.prepared()).toEqual([])
  })

  it('between the decision and the commits, and stays away, is rolled forward by recovery', async () => {
    const changeLog = afterFact(isDecision, () => fixture.sandbox.primary.kill())
    const run = await fixture.run({ settings: { ...settings, execution: { settleSeconds: 1 } }, changeLog })
    expect(run).toMatchObject({ outcome: 'needs_human', exitCode: 6 })
    const unsettled = eventsOf(run.events, 'tenant.unsettled').map(event => event.tenant)
    expect(unsettled.sort()).toEqual(['acorn', 'birch', 'cedar'])
    await fixture.sandbox.primary.start()
    expect(await fixture.prepared()).toHaveLength(3)
    expect(await fixture.recover(run.runId)).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(await headsNow()).toEqual(['0002', '0002', '0002'])
  })

  it('before the decision and started again is rolled back by the run itself', async () => {
    const before = await fixture.read()
    const changeLog = afterFact(isLastVote, async () => {
      await fixture.sandbox.primary.kill()
      await fixture.sandbox.primary.start()
    })
    const run = await fixture.run({ settings, changeLog })
    expect(run).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })

  it('in the middle of a migration leaves nothing prepared and nobody changed', async () => {
    fixture.writeMigrations({
      ...defaultMigrations,
      '0002_email.up.sql': 'alter table users add note text;\nselect pg_sleep(0.2);\nselect 1;',
    })
    const before = await fixture.read()
    let killed = false
    const changeLog = afterFact(
      fact => fact.type === 'statement.executed' && fact.index === 0 && !killed,
      async () => {
        killed = true
        await fixture.sandbox.primary.kill()
        await fixture.sandbox.primary.start()
      },
    )
    const run = await fixture.run({ settings, changeLog })
    expect(run).toMatchObject({ outcome: 'rolled_back', exitCode: 5 })
    expect(await fixture.prepared()).toEqual([])
    expect(await fixture.read()).toEqual(before)
  })
})

describe('a standby', () => {
  it('is proven to have the group and its schema, and its lag is shown while the run works', async () => {
    fixture.writeMigrations({
      ...defaultMigrations,
      '0002_email.up.sql': 'alter table users add note text;\nselect pg_sleep(3);',
    })
    const run = await fixture.run({ settings })
    expect(run).toMatchObject({ outcome: 'migrated', exitCode: 0 })
    expect(eventsOf(run.events, 'standby.checked')).toMatchObject([{ server: 'standby-1', caughtUp: true }])
    const compared = eventsOf(run.events, 'fingerprints.compared')
    expect(compared).toHaveLength(6)
    expect(compared.every(event => event.equal)).toBe(true)
    const samples = eventsOf(run.events, 'lag.sampled')
    expect(samples.length).toBeGreaterThan(1)
    for (const { server, volatile } of samples) {
      expect(server).toBe('standby-1')
      expect(volatile.lagBytes).toBeGreaterThanOrEqual(0)
    }
    expect(run.events.at(-1)?.type).toBe('run.finished')
  })

  it('that does not replay is named, and the groups that are still open are rolled back', async () => {
    const [standby] = fixture.sandbox.standbys
    await fixture.sandbox.query('select pg_wal_replay_pause()', 'postgres', standby)
    const run = await fixture.run({ settings: { execution: { replicaDeadlineSeconds: 2 } } })
    await fixture.sandbox.query('select pg_wal_replay_resume()', 'postgres', standby)
    expect(run).toMatchObject({
      outcome: 'needs_human',
      exitCode: 6,
      failure: { kind: 'replica_behind', server: 'standby-1' },
    })
    expect(await headsNow()).toEqual(['0002', '0001', '0001'])
    expect(await fixture.prepared()).toEqual([])
  })
})

describe('a synchronous standby', () => {
  it('that stands still holds no tenant prepared beyond the deadline, which begins when the first is asked', async () => {
    const { primary, standbys } = fixture.sandbox
    const processes = await listProcessesIn(standbys[0]!.dataFolder)
    const synchronize = async (names: string) => {
      await fixture.sandbox.query(`alter system set synchronous_standby_names = '${names}'`)
      await fixture.sandbox.query('select pg_reload_conf()', 'postgres', primary)
    }
    const before = await fixture.read()
    await synchronize('*')
    let isFrozen = false
    const changeLog = afterFact(
      fact => fact.type === 'tenant.voting',
      async () => {
        if (!isFrozen) for (const pid of processes) process.kill(pid, 'SIGSTOP')
        isFrozen = true
      },
    )
    const execution = { voteDeadlineSeconds: 2, settleSeconds: 5, replicaDeadlineSeconds: 2 }
    try {
      const run = await fixture.run({ settings: { groups: [], execution }, changeLog })
      expect(run).toMatchObject({
        outcome: 'rolled_back',
        exitCode: 5,
        failure: { kind: 'deadline_passed', waitingFor: 'every tenant to vote', seconds: 2 },
      })
      expect(eventsOf(run.events, 'tenant.unsettled')).toEqual([])
      expect(await fixture.prepared()).toEqual([])
      const [rolledBack] = eventsOf(run.events, 'group.finished')
      expect(readVolatileNumber(rolledBack!.volatile, 'windowMs')).toBeGreaterThanOrEqual(2_000)
    } finally {
      for (const pid of processes) process.kill(pid, 'SIGCONT')
      await synchronize('')
    }
    expect(await fixture.read()).toEqual(before)
  })
})
