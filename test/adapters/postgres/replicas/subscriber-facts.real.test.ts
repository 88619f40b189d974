import { beforeAll, describe, expect } from 'vitest'
import { createSubscriberFacts } from '../../../../electron/adapters/postgres/replicas/subscriber-facts.ts'
import { columnType } from '../../../engine/catalog-items.ts'
import { needsVersion, serverOf } from '../../../support/postgres-versions.ts'
import { describeServers, never } from '../sandbox-settings.ts'

describe.each(['14', '15', '18'] as const)('logical replication on PostgreSQL %s', version => {
  const test = needsVersion(version)
  const server = serverOf(version, { settings: { wal_level: 'logical' } })
  const facts = () => createSubscriberFacts(describeServers(server()))

  beforeAll(async () => {
    await server().query('create database shop')
    await server().query(
      `create table notes (id int primary key, twice int generated always as (id * 2) stored, "Text" text);
       create publication everything for all tables;
       create publication listed for table notes${version === '14' ? '' : ' (id)'};
       ${version === '14' ? '' : 'create publication named for tables in schema public;'}`,
      'shop',
    )
    await server().query("select pg_create_logical_replication_slot('mine', 'pgoutput')", 'shop')
    await server().query(
      `create subscription taken connection 'host=127.0.0.1 password=secret' publication everything with (connect = false)`,
      'shop',
    )
  })

  test('is told with what is published, and never a connection string', async () => {
    expect(await facts().readSlots('primary', never)).toEqual([
      { name: 'mine', database: 'shop', isActive: false },
    ])
    const id = { name: 'id', type: columnType('integer') }
    const all = [id, { name: 'Text', type: columnType('text') }]
    const notes = { table: 'public.notes', columns: all, isFixed: false }
    const listed = version === '14' ? notes : { ...notes, columns: [id], isFixed: true }
    expect(await facts().readPublications('primary', 'shop', never)).toEqual([
      { name: 'everything', newTables: 'all', tables: [notes] },
      { name: 'listed', newTables: [], tables: [listed] },
      ...(version === '14' ? [] : [{ name: 'named', newTables: ['public'], tables: [notes] }]),
    ])
    const subscriptions = await facts().readSubscriptions('primary', never)
    expect(subscriptions).toMatchObject([
      { name: 'taken', database: 'shop', slot: 'taken', publications: ['everything'], isApplying: false },
    ])
    expect(subscriptions[0]?.applyErrors).toBe(version === '14' ? null : 0)
    expect(JSON.stringify(subscriptions)).not.toContain('secret')
  })

  test('has tables, of which required columns are marked, and slots that are waited for', async () => {
    expect(await facts().readTables('primary', 'shop', never)).toEqual([
      {
        table: 'public.notes',
        columns: [
          { name: 'id', type: columnType('integer'), isRequired: true },
          { name: 'twice', type: columnType('integer'), isRequired: false },
          { name: 'Text', type: columnType('text'), isRequired: false },
        ],
        filledBy: [],
      },
    ])
    const wait = (lsn: string) => facts().waitForSlot('primary', { slot: 'mine', lsn }, 0, never)
    expect(await wait('0/1')).toMatchObject({ hasReached: true, missingBytes: 0 })
    expect(await wait('FFFF/0')).toMatchObject({ hasReached: false })
    const gone = await facts().waitForSlot('primary', { slot: 'gone', lsn: '0/1' }, 5_000, never)
    expect(gone).toMatchObject({ hasReached: false, missingBytes: null })
  })
})
