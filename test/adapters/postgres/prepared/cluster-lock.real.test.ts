import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgres } from '../../../../electron/adapters/postgres/create-postgres.ts'
import type { AcquiredLock, HeldLock } from '../../../../electron/engine/ports/servers.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { catchFailure, describeServer, describeServers, never } from '../sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
})
afterAll(() => close())

const locks = () => createPostgres(describeServers(sandbox), { lockTimeoutMs: 200 }).locks

function demand(lock: AcquiredLock | HeldLock): AcquiredLock {
  if (!lock.acquired) throw new Error(`held by ${lock.holder}`)
  return lock
}

describe('the run lock of a cluster', () => {
  it('excludes a second owner, names the first, and is free after its release', async () => {
    const first = demand(await locks().acquire('primary', 'run-1', never))
    expect(first.isHeld()).toBe(true)
    expect(await locks().acquire('primary', 'run-2', never)).toEqual({
      acquired: false,
      holder: 'run-1',
    })
    await first.release()
    expect(first.isHeld()).toBe(false)
    const second = demand(await locks().acquire('primary', 'run-2', never))
    await second.release()
  })

  it('lets exactly one of many owners in', async () => {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(n => locks().acquire('primary', `run-${n}`, never)))
    const winners = answers.filter(answer => answer.acquired)
    expect(winners).toHaveLength(1)
    await Promise.all(winners.map(winner => demand(winner).release()))
  })

  it('waits for the session of an owner that is just going', async () => {
    const first = demand(await locks().acquire('primary', 'run-1', never))
    const patient = createPostgres(describeServers(sandbox), { lockTimeoutMs: 10_000 }).locks
    const waiting = patient.acquire('primary', 'run-2', never)
    await waitUntil(async () => {
      const rows = await sandbox.query(`select 1 from pg_stat_activity where application_name = 'run-2'`)
      return rows.length === 1
    }, 'the second owner to ask')
    await first.release()
    await demand(await waiting).release()
  })

  it('knows at once that it is lost when its session ends', async () => {
    const lock = demand(await locks().acquire('primary', 'run-1', never))
    await sandbox.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'run-1'`,
    )
    await waitUntil(() => !lock.isHeld(), 'the loss to be noticed', 5)
    await lock.release()
  })

  it('is lost when the server crashes, and can be taken again after its restart', async () => {
    const lock = demand(await locks().acquire('primary', 'run-1', never))
    await sandbox.primary.kill()
    await waitUntil(() => !lock.isHeld(), 'the loss to be noticed', 5)
    await lock.release()
    await sandbox.primary.start()
    await demand(await locks().acquire('primary', 'run-2', never)).release()
  })

  it('gives up when the signal comes, and leaves no session', async () => {
    const first = demand(await locks().acquire('primary', 'run-1', never))
    const patient = createPostgres([describeServer(sandbox, sandbox.primary)], { lockTimeoutMs: 60_000 })
    const stop = new AbortController()
    const waiting = catchFailure(patient.locks.acquire('primary', 'run-2', stop.signal))
    const ask = () => sandbox.query(`select 1 from pg_stat_activity where application_name = 'run-2'`)
    await waitUntil(async () => (await ask()).length === 1, 'the second owner to ask')
    stop.abort()
    expect(await waiting).toMatchObject({ kind: 'cancelled' })
    await waitUntil(async () => (await ask()).length === 0, 'the second session to end', 5)
    await first.release()
  })
})
