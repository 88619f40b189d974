import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgres, type Postgres } from '../../../electron/adapters/postgres/create-postgres.ts'
import { quoteIdentifier, quoteLiteral } from '../../../electron/sql/quote-identifier.ts'
import { waitUntil } from '../../support/wait-until.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'
import { catchFailure, describeServers, describeTenant, never } from './sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>
let postgres: Postgres

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  postgres = createPostgres(describeServers(sandbox), { finishTimeoutMs: 10_000 })
})
afterAll(() => close())

/** Prepares the making of table `made` in a new database, and gives the whole transaction id. */
async function prepare(database: string, gid: string): Promise<string> {
  await sandbox.query(`create database ${quoteIdentifier(database)}`)
  const client = await sandbox.connect(database)
  await client.query('begin; create table made (id int)')
  const { rows } = await client.query<{ xid: string }>('select pg_current_xact_id()::text as xid')
  await client.query(`prepare transaction ${quoteLiteral(gid)}`)
  await client.end()
  return rows[0]?.xid ?? ''
}

const isMade = async (database: string) =>
  (await sandbox.query(`select 1 from pg_class where relname = 'made'`, database)).length === 1

const openPrepared = (database: string) =>
  postgres.prepared.openSession('primary', describeTenant(database), never)

describe('prepared transactions', () => {
  it('are listed for the whole cluster with what finishing them needs', async () => {
    const xid = await prepare('listed', 'lockstep:1:all:listed')
    const [found, ...others] = await postgres.prepared.list('primary', never)
    expect(others).toEqual([])
    expect(found).toMatchObject({ gid: 'lockstep:1:all:listed', database: 'listed', owner: 'postgres', xid })
    expect(found?.ageSeconds).toBeGreaterThanOrEqual(0)
    const preparedSession = await openPrepared('listed')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('in progress')
    expect(await preparedSession.rollback('lockstep:1:all:listed')).toBe('done')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('aborted')
    expect(await isMade('listed')).toBe(false)
    await preparedSession.close()
  })

  it('are committed once, and are missing the second time', async () => {
    const gid = `lockstep:1:o'brien \\ "x":東京`
    const xid = await prepare(`o'brien "東京" 100%`, gid)
    const preparedSession = await openPrepared(`o'brien "東京" 100%`)
    expect(await preparedSession.commit(gid)).toBe('done')
    expect(await preparedSession.commit(gid)).toBe('missing')
    expect(await preparedSession.rollback(gid)).toBe('missing')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('committed')
    expect(await isMade(`o'brien "東京" 100%`)).toBe(true)
    await preparedSession.close()
  })

  it('need no session until they are finished, and none afterwards', async () => {
    const countSessions = () =>
      sandbox.query("select pid from pg_stat_activity where application_name = 'lockstep finish'")
    await prepare('alone', 'lockstep:1:all:alone')
    const preparedSession = await openPrepared('alone')
    expect(await countSessions()).toEqual([])
    expect(await preparedSession.commit('lockstep:1:all:alone')).toBe('done')
    expect(await isMade('alone')).toBe(true)
    await waitUntil(async () => (await countSessions()).length === 0, 'the session to end')
    await preparedSession.close()
  })

  it('survive a crash of the server, and the session that ends them waits for its restart', async () => {
    const xid = await prepare('crashed', 'lockstep:1:all:crashed')
    const preparedSession = await openPrepared('crashed')
    await sandbox.primary.kill()
    const committing = preparedSession.commit('lockstep:1:all:crashed')
    await sandbox.primary.start()
    expect(await committing).toBe('done')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('committed')
    expect(await isMade('crashed')).toBe(true)
    await preparedSession.close()
  })

  it('fail as data when the server stays away', async () => {
    await prepare('away', 'lockstep:1:all:away')
    const hasty = createPostgres(describeServers(sandbox), { finishTimeoutMs: 200 })
    const preparedSession = await hasty.prepared.openSession('primary', describeTenant('away'), never)
    await sandbox.primary.kill()
    const failure = await catchFailure(preparedSession.commit('lockstep:1:all:away'))
    expect(['server_unreachable', 'connection_lost']).toContain(failure.kind)
    await preparedSession.close()
    await sandbox.primary.start()
    const again = await openPrepared('away')
    expect(await again.rollback('lockstep:1:all:away')).toBe('done')
    await again.close()
  })

  it('cannot be finished from another database, and that is not taken for missing', async () => {
    await prepare('right', 'lockstep:1:all:right')
    const wrong = await openPrepared('postgres')
    expect(await catchFailure(wrong.commit('lockstep:1:all:right'))).toMatchObject({
      kind: 'database_error',
      sqlstate: '0A000',
    })
    await wrong.close()
    const preparedSession = await openPrepared('right')
    expect(await preparedSession.rollback('lockstep:1:all:right')).toBe('done')
    await preparedSession.close()
  })

  it('of another role are finished as that role where the login may take it, and named where it may not', async () => {
    await sandbox.query('create role owner nologin')
    await sandbox.query('create role member login noinherit in role owner')
    await sandbox.query('create role nobody login')
    await sandbox.query('create database owned owner owner')
    const writer = await sandbox.connect('owned', sandbox.primary, 'member')
    await writer.query(
      "set role owner; begin; create table public.made (id int); prepare transaction 'lockstep:1:all:o''d'",
    )
    await writer.end()
    const finishAs = (user: string) => {
      const servers = describeServers(sandbox).map(server => ({ ...server, user }))
      return createPostgres(servers, { finishTimeoutMs: 10_000 }).prepared.openSession(
        'primary',
        describeTenant('owned'),
        never,
      )
    }
    const refused = await finishAs('nobody')
    expect(await catchFailure(refused.rollback(`lockstep:1:all:o'd`))).toEqual({
      kind: 'vote_of_another_role',
      server: 'primary',
      database: 'owned',
      gid: `lockstep:1:all:o'd`,
      owner: 'owner',
      user: 'nobody',
      how: 'rollback',
    })
    await refused.close()
    const preparedSession = await finishAs('member')
    expect(await preparedSession.commit(`lockstep:1:all:o'd`)).toBe('done')
    expect(await preparedSession.commit(`lockstep:1:all:o'd`)).toBe('missing')
    expect(await isMade('owned')).toBe(true)
    await preparedSession.close()
  })
})
