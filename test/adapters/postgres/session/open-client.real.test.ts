import { connect, createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sqlStateOf } from '../../../../electron/adapters/postgres/session/map-error.ts'
import type { ServerSettings } from '../../../../electron/adapters/postgres/session/server-settings.ts'
import { withClient } from '../../../../electron/adapters/postgres/session/with-client.ts'
import { quoteIdentifier } from '../../../../electron/sql/quote-identifier.ts'
import { openTcpProxy } from '../../../support/tcp-proxy.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { catchFailure, describeServer, never } from '../sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>
let settings: ServerSettings
const options = { applicationName: 'lockstep test' }

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ auth: 'scram', standbys: 0 }))
  settings = describeServer(sandbox, sandbox.primary)
})
afterAll(() => close())

const failWith = (changes: Partial<ServerSettings>, database = 'postgres') =>
  catchFailure(withClient({ ...settings, ...changes }, database, options, async () => undefined, never))

describe('a session', () => {
  it('comes straight from the server, with its limits in force', async () => {
    const limits = { ...options, statementTimeoutMs: 4321, lockTimeoutMs: 1234, settings: { jit: 'off' } }
    const row = await withClient(
      settings,
      'postgres',
      limits,
      async client => {
        const sql = `select pg_backend_pid() as pid, current_setting('statement_timeout') as statement,
          current_setting('lock_timeout') as lock, current_setting('application_name') as name`
        const { rows } = await client.query(sql)
        return { ...rows[0], isSame: rows[0]?.pid === client.backendPid }
      },
      never,
    )
    expect(row).toMatchObject({ statement: '4321ms', lock: '1234ms', name: 'lockstep test', isSame: true })
  })

  it('runs statements one after another also when they are not awaited', async () => {
    const answers = await withClient(
      settings,
      'postgres',
      options,
      client => Promise.all([1, 2, 3].map(n => client.query('select $1::int as n', [n]))),
      never,
    )
    expect(answers.map(answer => answer.rows[0])).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })

  it('ends when its use fails, and keeps the SQLSTATE', async () => {
    const error: unknown = await withClient(
      settings,
      'postgres',
      { applicationName: 'lockstep fails' },
      client => client.query('select 1/0'),
      never,
    ).catch(caught => caught)
    expect(sqlStateOf(error)).toBe('22012')
    await expectNoSession('lockstep fails')
  })

  it('enters databases whose names hold quotes, spaces and letters of any script', async () => {
    for (const database of ['o"brien', "it's", 'two words', 'Überzahl 東京', '100%']) {
      await sandbox.query(`create database ${quoteIdentifier(database)}`)
      const entered = await withClient(
        settings,
        database,
        options,
        client => client.query<{ name: string }>('select current_database() as name'),
        never,
      )
      expect(entered.rows[0]?.name).toBe(database)
    }
  })

  it('is refused where the server would cut the name of the database', async () => {
    await sandbox.query(`create database ${'x'.repeat(63)}`)
    expect(await failWith({}, 'x'.repeat(70))).toMatchObject({
      kind: 'database_missing',
      database: 'x'.repeat(70),
    })
  })
})

describe('a server that cannot be entered', () => {
  it('refuses a wrong password, which is not repeated in the failure', async () => {
    const failure = await failWith({ password: 'not-the-secret' })
    expect(failure).toEqual({ kind: 'authentication_failed', server: 'primary', user: 'postgres' })
  })

  it('refuses a missing password in the same words', async () => {
    expect(await failWith({ password: '' })).toMatchObject({ kind: 'authentication_failed' })
  })

  it('has no such database', async () => {
    expect(await failWith({}, 'nowhere')).toEqual({
      kind: 'database_missing',
      server: 'primary',
      database: 'nowhere',
    })
  })

  it('is not there', async () => {
    expect(await failWith({ port: 1 })).toEqual({
      kind: 'server_unreachable',
      server: 'primary',
      endpoint: '127.0.0.1:1',
      code: 'ECONNREFUSED',
    })
  })

  it('speaks no TLS although it must', async () => {
    expect(await failWith({ tls: 'require' })).toMatchObject({
      kind: 'server_unreachable',
      code: 'TLS_NOT_SUPPORTED',
    })
  })

  it('accepts the connection and then says nothing', async () => {
    const mute = createServer()
    const port = await listen(mute)
    const quick = { ...options, connectTimeoutMs: 100 }
    const failure = await catchFailure(
      withClient({ ...settings, port }, 'postgres', quick, async () => undefined, never),
    )
    mute.close()
    expect(failure).toMatchObject({ kind: 'server_unreachable', code: 'ETIMEDOUT' })
  })

  it('is hidden behind a connection pooler', async () => {
    const pooler = createPooler()
    const port = await listen(pooler)
    expect(await failWith({ port })).toEqual({ kind: 'pooler_refused', server: 'primary' })
    pooler.close()
  })

  it('lets this role in, but not into this database', async () => {
    await sandbox.query(
      `create role guest login password 'guest'; revoke connect on database template1 from public`,
    )
    const guest = { ...settings, user: 'guest', password: 'guest' }
    const error: unknown = await withClient(guest, 'template1', options, async () => undefined, never).catch(
      caught => caught,
    )
    expect(sqlStateOf(error)).toBe('42501')
    await withClient(guest, 'postgres', options, async () => undefined, never)
  })

  it('is a lost connection when it happens in the middle', async () => {
    const failure = await catchFailure(
      withClient(
        settings,
        'postgres',
        options,
        async client => {
          const running = client.query('select pg_sleep(60)')
          await sandbox.query(`select pg_terminate_backend(${client.backendPid})`)
          await running
        },
        never,
      ),
    )
    expect(failure).toEqual({ kind: 'connection_lost', server: 'primary', during: 'select' })
  })
})

describe('a signal', () => {
  it('is a lost connection when no answer comes within its limit, though nothing has ended it', async () => {
    const proxy = await openTcpProxy(sandbox.primary.port)
    const through = { ...settings, host: '127.0.0.1', port: proxy.port }
    const limited = { ...options, answerTimeoutMs: 500 }
    try {
      const asked = withClient(
        through,
        'postgres',
        limited,
        async client => {
          proxy.swallowAll()
          await client.query('select 1')
        },
        never,
      )
      expect(await catchFailure(asked)).toMatchObject({ kind: 'connection_lost', during: 'select' })
    } finally {
      await proxy.close()
    }
  })

  it('is not lost when an answer comes late and the server may take its time', async () => {
    const limited = { ...options, statementTimeoutMs: 60_000 }
    const ask = withClient(settings, 'postgres', limited, client => client.query('select pg_sleep(1)'), never)
    expect((await ask).rowCount).toBe(1)
  })

  it('can be shared by many sessions without a warning', async () => {
    const warnings: Error[] = []
    const listen = (warning: Error) => warnings.push(warning)
    process.on('warning', listen)
    const { signal } = new AbortController()
    await Promise.all(
      Array.from({ length: 30 }, () =>
        withClient(settings, 'postgres', options, client => client.query('select pg_sleep(0.1)'), signal),
      ),
    )
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })

  it('cancels the running statement and leaves no backend', async () => {
    const stop = new AbortController()
    const name = 'lockstep cancelled'
    const started = performance.now()
    const work = withClient(
      settings,
      'postgres',
      { applicationName: name },
      client => client.query('select pg_sleep(60)'),
      stop.signal,
    )
    const failing = catchFailure(work)
    await waitUntil(async () => (await countSessions(name, 'pg_sleep')) === 1, 'the statement to run')
    stop.abort(new Error('somebody pressed stop'))
    expect(await failing).toEqual({ kind: 'cancelled', reason: 'somebody pressed stop' })
    expect(performance.now() - started).toBeLessThan(10_000)
    await expectNoSession(name)
  })

  it('stops an attempt to connect', async () => {
    const mute = createServer()
    const port = await listen(mute)
    const stop = new AbortController()
    const work = withClient({ ...settings, port }, 'postgres', options, async () => undefined, stop.signal)
    mute.once('connection', () => stop.abort())
    expect(await catchFailure(work)).toMatchObject({ kind: 'cancelled' })
    mute.close()
  })

  it('that came before opens nothing', async () => {
    const work = withClient(settings, 'postgres', options, async () => undefined, AbortSignal.abort())
    expect(await catchFailure(work)).toMatchObject({ kind: 'cancelled' })
  })
})

async function countSessions(name: string, sql = ''): Promise<number> {
  const rows = await sandbox.query(
    `select 1 from pg_stat_activity where application_name = '${name}' and query like '%${sql}%'`,
  )
  return rows.length
}

async function expectNoSession(name: string): Promise<void> {
  await waitUntil(async () => (await countSessions(name)) === 0, `the session ${name} to end`, 5)
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** What a pooler does to a login: the client is given a key that is not the backend's. */
function createPooler(): Server {
  const keyMessage = Buffer.from([0x4b, 0, 0, 0, 12])
  return createServer(client => {
    const server = connect(settings.port, settings.host)
    client.pipe(server)
    server.on('data', bytes => {
      const at = bytes.indexOf(keyMessage)
      if (at >= 0) bytes.writeInt32BE(-685242433, at + keyMessage.length)
      client.write(bytes)
    })
    server.on('close', () => client.destroy())
  })
}
