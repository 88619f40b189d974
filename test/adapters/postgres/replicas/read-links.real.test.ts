import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgres } from '../../../../electron/adapters/postgres/create-postgres.ts'
import type { ServerLinks } from '../../../../shared/topology/discovered-project.ts'
import { waitUntil } from '../../../support/wait-until.ts'
import { openSandbox, type TestSandbox, withSandbox } from '../../../support/with-sandbox.ts'
import { describeServer, describeServers, never } from '../sandbox-settings.ts'

const namesOf = ({ receivers }: ServerLinks) => receivers.map(receiver => receiver.applicationName)

describe('the links of a cluster', () => {
  let sandbox: TestSandbox
  let close: () => Promise<void>
  const read = (server: string) => createPostgres(describeServers(sandbox)).servers.readLinks(server, never)

  beforeAll(async () => {
    ;({ sandbox, close } = await openSandbox())
  })
  afterAll(() => close())

  it('are the receivers on the primary, and the source on each standby', async () => {
    const receiver = {
      clientAddress: '127.0.0.1',
      state: 'streaming',
      syncState: 'async',
      slot: null,
      kind: 'standby',
    }
    expect(await read('primary')).toEqual({
      server: 'primary',
      upstream: null,
      receivers: [
        { applicationName: 'standby-1', ...receiver },
        { applicationName: 'standby-2', ...receiver },
      ],
      subscriptions: [],
    })
    const upstream = { host: '127.0.0.1', port: sandbox.primary.port, slot: null }
    for (const server of ['standby-1', 'standby-2']) {
      expect(await read(server)).toEqual({
        server,
        upstream: { ...upstream, applicationName: server },
        receivers: [],
        subscriptions: [],
      })
    }
  })

  it('are shown as far as a plain login may see them, without an error', async () => {
    await sandbox.query('create role plain login')
    await sandbox.waitForStandbys()
    const plain = (server: TestSandbox['primary']) => describeServer(sandbox, server, { user: 'plain' })
    const { servers } = createPostgres([plain(sandbox.primary), ...sandbox.standbys.map(plain)])
    expect((await servers.readLinks('standby-1', never)).upstream).toBeNull()
    const { receivers } = await servers.readLinks('primary', never)
    expect(receivers.map(({ clientAddress, state }) => [clientAddress, state])).toEqual([
      [null, 'unknown'],
      [null, 'unknown'],
    ])
  })

  it('follow a standby that is moved below another one', async () => {
    const [first, second] = sandbox.standbys
    if (!first || !second) throw new Error('two standbys are needed')
    const source = `host=127.0.0.1 port=${first.port} user=postgres application_name=below`
    await sandbox.query(`alter system set primary_conninfo = '${source}'`, 'postgres', second)
    await sandbox.query('select pg_reload_conf()', 'postgres', second)
    await waitUntil(async () => namesOf(await read('standby-1')).includes('below'), 'the cascade')
    await waitUntil(async () => (await read('standby-2')).upstream !== null, 'the receiver')
    expect((await read('standby-2')).upstream).toEqual({
      host: '127.0.0.1',
      port: first.port,
      slot: null,
      applicationName: 'below',
    })
    expect((await read('standby-1')).upstream?.port).toBe(sandbox.primary.port)
    await waitUntil(async () => namesOf(await read('primary')).length === 1, 'the old sender to end')
    expect(namesOf(await read('primary'))).toEqual(['standby-1'])
  })
})

describe('the schemas of a database', () => {
  it('are those that a team made, sorted, on a standby too', async () => {
    await withSandbox({ standbys: 1 }, async sandbox => {
      await sandbox.query('create database shop')
      await sandbox.query('create schema "Zebra"; create schema acorn; create schema birch', 'shop')
      await sandbox.waitForStandbys()
      const { servers } = createPostgres(describeServers(sandbox))
      for (const server of ['primary', 'standby-1']) {
        expect(await servers.listSchemas(server, 'shop', never)).toEqual([
          'Zebra',
          'acorn',
          'birch',
          'public',
        ])
      }
    })
  })
})

describe('a subscription', () => {
  it('tells where its changes come from, and never the password that it is made with', async () => {
    const options = { standbys: 0, settings: { wal_level: 'logical' } } as const
    await withSandbox({ ...options, auth: 'scram' }, publisher =>
      withSandbox({ ...options, standbys: 1 }, async subscriber => {
        const { password } = publisher.superuser
        if (password === null) throw new Error('a password is needed')
        await publisher.query('create table notes (id int primary key)')
        await publisher.query('create publication everything for all tables')
        await subscriber.query('create database copy')
        await subscriber.query('create table notes (id int primary key)', 'copy')
        const source = `host=127.0.0.1 port=${publisher.primary.port} dbname=postgres user=postgres password=${password}`
        await subscriber.query(
          `create subscription copied connection '${source}' publication everything`,
          'copy',
        )
        await subscriber.waitForStandbys()
        const { servers } = createPostgres(describeServers(subscriber))
        const links = await servers.readLinks('primary', never)
        expect(links.subscriptions).toEqual([
          {
            name: 'copied',
            database: 'copy',
            publisherHost: '127.0.0.1',
            publisherPort: publisher.primary.port,
            publisherDatabase: 'postgres',
            enabled: true,
          },
        ])
        const onStandby = await servers.readLinks('standby-1', never)
        expect(onStandby.subscriptions).toEqual(links.subscriptions)
        const asPublisher = createPostgres([describeServer(publisher, publisher.primary)])
        const read = () => asPublisher.servers.readLinks('primary', never)
        await waitUntil(async () => namesOf(await read()).includes('copied'), 'the subscriber')
        expect(JSON.stringify([links, onStandby, await read()])).not.toContain(password)

        await subscriber.query('create role plain login; alter subscription copied disable', 'copy')
        const plain = createPostgres([describeServer(subscriber, subscriber.primary, { user: 'plain' })])
        expect((await plain.servers.readLinks('primary', never)).subscriptions).toEqual([
          {
            name: 'copied',
            database: 'copy',
            publisherHost: null,
            publisherPort: null,
            publisherDatabase: null,
            enabled: false,
          },
        ])
      }),
    )
  })
})
