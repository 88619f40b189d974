import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgres, type Postgres } from '../../../../electron/adapters/postgres/create-postgres.ts'
import { closeDatabase } from '../../../../electron/adapters/postgres/snapshots/swap-databases.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { describeServer, describeServers, never } from '../sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>
let sessions: Postgres['sessions']

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  sessions = createPostgres(describeServers(sandbox)).sessions
})
afterAll(() => close())

async function openWorker() {
  const client = await sandbox.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const pid = rows[0]?.pid ?? 0
  const isSleeping = async () =>
    (await sandbox.query(`select 1 from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`))
      .length === 1
  return { client, pid, isSleeping }
}

describe('a session of a tenant', () => {
  it('is cancelled from another connection', async () => {
    const { client, pid, isSleeping } = await openWorker()
    const running = client.query('select pg_sleep(60)').catch((error: unknown) => error)
    await waitUntil(isSleeping, 'the statement to run')
    await sessions.cancel('primary', pid, never)
    expect(await running).toMatchObject({ code: '57014' })
    await client.end()
  })

  it('is waited for until it is idle outside a transaction', async () => {
    const { client, pid } = await openWorker()
    await client.query('begin; select 1')
    expect(await sessions.waitUntilGone('primary', pid, 150)).toBe(false)
    const waiting = sessions.waitUntilGone('primary', pid, 10_000)
    await client.query('rollback')
    expect(await waiting).toBe(true)
    await client.end()
  })

  it('is waited for until it is gone', async () => {
    const { client, pid } = await openWorker()
    await client.query('begin; select 1')
    const waiting = sessions.waitUntilGone('primary', pid, 10_000)
    await client.end()
    expect(await waiting).toBe(true)
  })

  it('is gone after a crash of its server', async () => {
    const { client, pid } = await openWorker()
    await client.query('begin; select 1')
    await sandbox.primary.kill()
    const waiting = sessions.waitUntilGone('primary', pid, 20_000)
    await sandbox.primary.start()
    expect(await waiting).toBe(true)
  })
})

describe('a database that is closed for a copy to take its place', () => {
  it('names the right that ends the sessions of others, where the login has it not', async () => {
    await sandbox.query('create role keeper login createdb; create role shop login')
    await sandbox.query('create database kept owner keeper')
    const client = await sandbox.connect('kept', undefined, 'shop')
    const settings = describeServer(sandbox, sandbox.primary, { user: 'keeper', password: null })
    const closed = await closeDatabase(settings, 'kept', never)
    try {
      await expect(closed.disconnect(never)).rejects.toMatchObject({
        failure: { fix: expect.stringMatching(/^grant pg_signal_backend to "keeper"/) },
      })
      expect((await client.query('select 1')).rowCount).toBe(1)
      await sandbox.query('grant pg_signal_backend to keeper')
      await closed.disconnect(never)
      await expect(client.query('select 1')).rejects.toThrow()
    } finally {
      await closed.release()
    }
  })
})
