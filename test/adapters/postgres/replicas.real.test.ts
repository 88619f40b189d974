import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgres, type Postgres } from '../../../electron/adapters/postgres/create-postgres.ts'
import type { ReplayTarget } from '../../../electron/engine/ports/servers.ts'
import { openTcpProxy } from '../../support/tcp-proxy.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'
import { catchFailure, describeServer, describeServers, never } from './sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>
let postgres: Postgres

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox())
  const foreign = await sandbox.startForeignStandby()
  const servers = [
    ...describeServers(sandbox),
    describeServer(sandbox, foreign, { name: 'foreign' }),
    describeServer(sandbox, foreign, { name: 'down', port: 1 }),
  ]
  postgres = createPostgres(servers)
  await sandbox.query('create table filled (id int)')
})
afterAll(() => close())

async function writeAndAim(): Promise<ReplayTarget> {
  await sandbox.query('insert into filled select generate_series(1, 1000)')
  const { systemIdentifier, timeline } = await postgres.servers.observe('primary', never)
  if (systemIdentifier === null || timeline === null) throw new Error('the primary says nothing')
  return { lsn: await postgres.replicas.currentLsn('primary', never), systemIdentifier, timeline }
}

const wait = async (standby: string, deadlineMs = 10_000) =>
  postgres.replicas.waitForReplay(standby, await writeAndAim(), deadlineMs, never)

describe('an observation', () => {
  it('of the primary and its standbys shows one cluster', async () => {
    const [primary, ...standbys] = await Promise.all(
      ['primary', 'standby-1', 'standby-2'].map(name => postgres.servers.observe(name, never)),
    )
    expect(primary).toMatchObject({ role: 'primary', timeline: 1, replication: null, failure: null })
    expect(primary?.version).toBeGreaterThanOrEqual(150000)
    for (const standby of standbys) {
      expect(standby).toMatchObject({
        role: 'standby',
        systemIdentifier: primary?.systemIdentifier,
        timeline: 1,
        replication: { receiver: 'streaming', replayPause: 'not paused' },
      })
      expect(standby.replication?.lagBytes).toBeGreaterThanOrEqual(0)
      expect(standby.replication?.replayedLsn).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/)
    }
  })

  it('of a standby of another cluster has another identity and no lag', async () => {
    const foreign = await postgres.servers.observe('foreign', never)
    const primary = await postgres.servers.observe('primary', never)
    expect(foreign.systemIdentifier).not.toBe(primary.systemIdentifier)
    expect(foreign).toMatchObject({ role: 'standby', replication: { receiver: null, lagBytes: null } })
  })

  it('of a server that is down is an observation too', async () => {
    expect(await postgres.servers.observe('down', never)).toMatchObject({
      role: 'unreachable',
      endpoint: '127.0.0.1:1',
      failure: { kind: 'server_unreachable', code: 'ECONNREFUSED' },
    })
  })
})

describe('databases', () => {
  it('are listed without templates and without the one for maintenance', async () => {
    for (const name of ['zebra', 'Zulu', 'two words', 'épée'])
      await sandbox.query(`create database "${name}"`)
    expect(await postgres.servers.listDatabases('primary', never)).toEqual([
      'Zulu',
      'two words',
      'zebra',
      'épée',
    ])
  })

  it('are named by the first column of a query, which cannot write', async () => {
    const sql = `select n, 'ignored' from (values ('b'), (null), ('a''"ü')) as names(n)`
    expect(await postgres.servers.queryTenantNames('primary', sql, never)).toEqual(['b', `a'"ü`])
    const writing = postgres.servers.queryTenantNames('primary', 'delete from filled returning id', never)
    expect(await catchFailure(writing)).toMatchObject({ kind: 'database_error', sqlstate: '25006' })
  })
})

describe('a standby', () => {
  it('has caught up when it has replayed the position', async () => {
    for (const name of ['standby-1', 'standby-2']) {
      expect(await wait(name)).toMatchObject({ caughtUp: true, lagBytes: 0, failure: null })
    }
  })

  it('whose replay is paused fails at once', async () => {
    await sandbox.query('select pg_wal_replay_pause()', 'postgres', sandbox.standbys[0])
    const result = await wait('standby-1')
    await sandbox.query('select pg_wal_replay_resume()', 'postgres', sandbox.standbys[0])
    expect(result.caughtUp).toBe(false)
    expect(result.waitedMs).toBeLessThan(5000)
    expect(result.failure).toMatchObject({ kind: 'replica_behind', server: 'standby-1' })
    expect(JSON.stringify(result.failure)).toMatch(/replay is pause/)
    expect(await wait('standby-1')).toMatchObject({ caughtUp: true })
  })

  it('of another cluster fails at once', async () => {
    const result = await wait('foreign')
    expect(result).toMatchObject({ caughtUp: false, lagBytes: null, failure: { kind: 'replica_behind' } })
    expect(JSON.stringify(result.failure)).toContain('belongs to another cluster')
    expect(result.waitedMs).toBeLessThan(5000)
  })

  it('that is none fails at once', async () => {
    const result = await wait('primary')
    expect(result.failure).toEqual({
      kind: 'replica_behind',
      server: 'primary',
      problem: 'is not a standby: it is not in recovery',
    })
  })

  it('that is down fails before the deadline, with the reason', async () => {
    const result = await wait('down', 60_000)
    expect(result).toMatchObject({
      caughtUp: false,
      replayedLsn: null,
      failure: { kind: 'server_unreachable', server: 'down' },
    })
    expect(result.waitedMs).toBeLessThan(10_000)
  })

  it('that cannot reach its primary fails when the deadline passes', async () => {
    const target = await writeAndAim()
    const ahead = { ...target, lsn: 'FF/0' }
    const result = await postgres.replicas.waitForReplay('standby-1', ahead, 150, never)
    expect(result.waitedMs).toBeGreaterThanOrEqual(150)
    expect(result.lagBytes).toBeGreaterThan(0)
    expect(JSON.stringify(result.failure)).toMatch(
      /is \d+ bytes behind after 0.1 s|is \d+ bytes behind after 0.2 s/,
    )
  })

  it('that stands still, and says nothing to whoever is connected, is not waited for beyond the deadline', async () => {
    const proxy = await openTcpProxy(sandbox.standbys[0]!.port)
    try {
      const silent = describeServer(
        sandbox,
        { ...sandbox.standbys[0]!, port: proxy.port },
        { name: 'silent' },
      )
      const { replicas } = createPostgres([...describeServers(sandbox), silent])
      const target = await writeAndAim()
      // A place that nobody has written yet: it is asked again and again, until it does not answer any more.
      const waiting = replicas.waitForReplay('silent', { ...target, lsn: 'FF/0' }, 1_000, never)
      await waitUntil(async () => {
        const rows = await sandbox.query(
          "select 1 from pg_stat_activity where application_name = 'lockstep replay'",
          'postgres',
          sandbox.standbys[0],
        )
        return rows.length > 0
      }, 'the standby to be asked')
      proxy.swallowAnswers()
      expect(await waiting).toMatchObject({
        caughtUp: false,
        failure: { kind: 'replica_behind', server: 'silent', problem: 'does not answer within 1.0 s' },
      })
    } finally {
      await proxy.close()
    }
  })

  it('that restarts meanwhile is waited for', async () => {
    const [, standby] = sandbox.standbys
    if (standby === undefined) throw new Error('there is no second standby')
    const target = await writeAndAim()
    await standby.stop('fast')
    const waiting = postgres.replicas.waitForReplay('standby-2', target, 20_000, never)
    await standby.start()
    expect(await waiting).toMatchObject({ caughtUp: true })
  })

  it('is left alone when the signal comes', async () => {
    const target = await writeAndAim()
    const stop = new AbortController()
    const waiting = postgres.replicas.waitForReplay(
      'standby-1',
      { ...target, lsn: 'FF/0' },
      60_000,
      stop.signal,
    )
    const sessions = () =>
      sandbox.query(
        `select 1 from pg_stat_activity where application_name = 'lockstep replay'`,
        'postgres',
        sandbox.standbys[0],
      )
    await waitUntil(async () => (await sessions()).length === 1, 'the wait to begin')
    stop.abort()
    expect(await catchFailure(waiting)).toMatchObject({ kind: 'cancelled' })
    await waitUntil(async () => (await sessions()).length === 0, 'the session to end', 5)
  })

  it('that was promoted fails at once, and shows its new timeline', async () => {
    await sandbox.query('select pg_promote(true, 30)', 'postgres', sandbox.standbys[1])
    const result = await wait('standby-2')
    expect(JSON.stringify(result.failure)).toContain('is not a standby')
    expect(await postgres.servers.observe('standby-2', never)).toMatchObject({ role: 'primary', timeline: 2 })
  })
})
