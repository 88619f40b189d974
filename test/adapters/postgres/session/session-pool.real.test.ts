import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatabaseClient } from '../../../../electron/adapters/postgres/session/database-client.ts'
import { openSessionPool } from '../../../../electron/adapters/postgres/session/session-pool.ts'
import { withClient } from '../../../../electron/adapters/postgres/session/with-client.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { catchFailure, describeServer, never } from '../sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
})
afterAll(() => close())

const pidOf = async (client: DatabaseClient): Promise<number> => client.backendPid
const ours = () =>
  sandbox.query("select state from pg_stat_activity where application_name like 'lockstep kept%'")

/** Settings whose sessions are kept while the test runs. */
async function withKept(
  work: (use: <T>(ask: (client: DatabaseClient) => Promise<T>) => Promise<T>) => Promise<void>,
) {
  const kept = openSessionPool([describeServer(sandbox, sandbox.primary)])
  const [settings] = kept.servers
  if (!settings) throw new Error('the server is not among them')
  try {
    await work(ask => withClient(settings, 'postgres', { applicationName: 'lockstep kept' }, ask, never))
  } finally {
    await kept.close()
  }
}

describe('a kept session', () => {
  it('serves the next user, who sees nothing of the one before', () =>
    withKept(async use => {
      const first = await use(async client => {
        await client.query(
          "begin; set local lock_timeout = '9s'; set search_path = elsewhere; lock table pg_catalog.pg_class in access share mode",
        )
        return pidOf(client)
      })
      expect(
        await sandbox.query(`select 1 from pg_locks where pid = ${first} and locktype = 'relation'`),
      ).toEqual([])
      const seen = await use(async client => {
        const { rows } = await client.query<{ path: string; wait: string; xact: boolean }>(
          `select current_setting('search_path') as path, current_setting('lock_timeout') as wait,
             (select xact_start < now() from pg_stat_activity where pid = pg_backend_pid()) as xact`,
        )
        return { pid: await pidOf(client), ...rows[0] }
      })
      expect(seen).toEqual({ pid: first, path: '"$user", public', wait: '0', xact: false })
    }))

  it('serves users of one tenant who come at the same time one after the other, and none waits for one who takes long', async () => {
    await sandbox.query('create database shared_by_gates')
    const pool = openSessionPool([describeServer(sandbox, sandbox.primary)])
    const [settings] = pool.servers
    if (!settings) throw new Error('the server is not among them')
    const ask = () =>
      withClient(settings, 'shared_by_gates', { applicationName: 'lockstep kept' }, pidOf, never)
    try {
      const pids = await Promise.all(Array.from({ length: 12 }, ask))
      // How many, the machine's other work decides: whoever has waited long enough opens one.
      expect(new Set(pids).size).toBeLessThan(pids.length)
      // One who takes long keeps nobody: the other has a session of its own.
      let goOn = (): void => undefined
      const held = new Promise<void>(resolve => {
        goOn = resolve
      })
      const slow = withClient(
        settings,
        'shared_by_gates',
        { applicationName: 'lockstep kept' },
        async client => {
          await held
          return client.backendPid
        },
        never,
      )
      const other = await ask()
      goOn()
      expect(other).not.toBe(await slow)
    } finally {
      await pool.close()
    }
  })

  it('is not kept after an error', () =>
    withKept(async use => {
      const pids: number[] = []
      const failure = await catchFailure(
        use(async client => {
          pids.push(client.backendPid)
          await client.query('select 1/0')
        }),
      )
      expect(failure).toMatchObject({ kind: 'database_error', sqlstate: '22012' })
      expect(pids).not.toContain(await use(pidOf))
    }))

  it('that the server has ended is replaced without a word', () =>
    withKept(async use => {
      const first = await use(pidOf)
      await sandbox.query(`select pg_terminate_backend(${first}, 5000)`)
      expect(await use(pidOf)).not.toBe(first)
    }))

  it('ends by itself when nobody needs it, and at the latest when it is closed', async () => {
    await withKept(async use => {
      await use(pidOf)
      expect(await ours()).toHaveLength(1)
      await waitUntil(async () => (await ours()).length === 0, 'the idle session to end')
      await use(pidOf)
    })
    await waitUntil(async () => (await ours()).length === 0, 'the closed session to end')
  })
})
