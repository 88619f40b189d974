import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgres, type Postgres } from '../../../electron/adapters/postgres/create-postgres.ts'
import { quoteIdentifier, quoteLiteral } from '../../../electron/sql/quote-identifier.ts'
import { openSandbox, type TestSandbox } from '../../support/with-sandbox.ts'
import { catchFailure, describeServers, describeTenant, never } from './sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>
let postgres: Postgres

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox({ standbys: 0 }))
  postgres = createPostgres(describeServers(sandbox), { finishPatienceMs: 10_000 })
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

const openFinisher = (database: string) =>
  postgres.prepared.openFinisher('primary', describeTenant(database), never)

describe('prepared transactions', () => {
  it('are listed for the whole cluster with what finishing them needs', async () => {
    const xid = await prepare('listed', 'lockstep:1:all:listed')
    const [found, ...others] = await postgres.prepared.list('primary', never)
    expect(others).toEqual([])
    expect(found).toMatchObject({ gid: 'lockstep:1:all:listed', database: 'listed', owner: 'postgres', xid })
    expect(found?.ageSeconds).toBeGreaterThanOrEqual(0)
    const finisher = await openFinisher('listed')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('in progress')
    expect(await finisher.rollback('lockstep:1:all:listed')).toBe('done')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('aborted')
    expect(await isMade('listed')).toBe(false)
    await finisher.close()
  })

  it('are committed once, and are missing the second time', async () => {
    const gid = `lockstep:1:o'brien \\ "x":東京`
    const xid = await prepare(`o'brien "東京" 100%`, gid)
    const finisher = await openFinisher(`o'brien "東京" 100%`)
    expect(await finisher.commit(gid)).toBe('done')
    expect(await finisher.commit(gid)).toBe('missing')
    expect(await finisher.rollback(gid)).toBe('missing')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('committed')
    expect(await isMade(`o'brien "東京" 100%`)).toBe(true)
    await finisher.close()
  })

  it('are committed by a finisher whose session was ended meanwhile', async () => {
    await prepare('ended', 'lockstep:1:all:ended')
    const finisher = await openFinisher('ended')
    await sandbox.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lockstep finish'`,
    )
    expect(await finisher.commit('lockstep:1:all:ended')).toBe('done')
    expect(await isMade('ended')).toBe(true)
    await finisher.close()
  })

  it('survive a crash of the server, and the finisher waits for its restart', async () => {
    const xid = await prepare('crashed', 'lockstep:1:all:crashed')
    const finisher = await openFinisher('crashed')
    await sandbox.primary.kill()
    const committing = finisher.commit('lockstep:1:all:crashed')
    await sandbox.primary.start()
    expect(await committing).toBe('done')
    expect(await postgres.prepared.status('primary', xid, never)).toBe('committed')
    expect(await isMade('crashed')).toBe(true)
    await finisher.close()
  })

  it('fail as data when the server stays away', async () => {
    await prepare('away', 'lockstep:1:all:away')
    const hasty = createPostgres(describeServers(sandbox), { finishPatienceMs: 200 })
    const finisher = await hasty.prepared.openFinisher('primary', describeTenant('away'), never)
    await sandbox.primary.kill()
    const failure = await catchFailure(finisher.commit('lockstep:1:all:away'))
    expect(['server_unreachable', 'connection_lost']).toContain(failure.kind)
    await finisher.close()
    await sandbox.primary.start()
    const again = await openFinisher('away')
    expect(await again.rollback('lockstep:1:all:away')).toBe('done')
    await again.close()
  })

  it('cannot be finished from another database, and that is not taken for missing', async () => {
    await prepare('right', 'lockstep:1:all:right')
    const wrong = await openFinisher('postgres')
    expect(await catchFailure(wrong.commit('lockstep:1:all:right'))).toMatchObject({
      kind: 'database_error',
      sqlstate: '0A000',
    })
    await wrong.close()
    const finisher = await openFinisher('right')
    expect(await finisher.rollback('lockstep:1:all:right')).toBe('done')
    await finisher.close()
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
      return createPostgres(servers, { finishPatienceMs: 10_000 }).prepared.openFinisher(
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
    const finisher = await finishAs('member')
    expect(await finisher.commit(`lockstep:1:all:o'd`)).toBe('done')
    expect(await finisher.commit(`lockstep:1:all:o'd`)).toBe('missing')
    expect(await isMade('owned')).toBe(true)
    await finisher.close()
  })
})
