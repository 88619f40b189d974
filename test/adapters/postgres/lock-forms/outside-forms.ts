import { fixtureRows } from './lock-fixture.ts'
import type { OutsideForm } from './lock-form.ts'

const shared = { orders: 'ShareUpdateExclusiveLock' } as const
const dropIndex = ['drop index if exists outside_idx']
const makeIndex = ['create index outside_idx on orders (note)']

/** Forms that the server refuses in a transaction; their locks are those that no faster glance could miss. */
export const outsideForms: readonly OutsideForm[] = [
  {
    sql: 'create index concurrently outside_idx on orders (note)',
    locks: shared,
    scans: { orders: 2 * fixtureRows },
    source: 'explicit-locking: SHARE UPDATE EXCLUSIVE; sql-createindex: two table scans',
    after: dropIndex,
  },
  {
    sql: 'create unique index concurrently outside_idx on orders (id, note)',
    locks: shared,
    scans: { orders: 2 * fixtureRows },
    source: 'explicit-locking: SHARE UPDATE EXCLUSIVE; sql-createindex: two table scans',
    after: dropIndex,
  },
  {
    sql: 'drop index concurrently outside_idx',
    locks: shared,
    source: 'sql-dropindex, CONCURRENTLY: without locking out selects, inserts, updates and deletes',
    before: makeIndex,
  },
  {
    sql: 'reindex index concurrently outside_idx',
    locks: shared,
    rewrites: ['outside_idx'],
    scans: { orders: 2 * fixtureRows },
    source: 'explicit-locking: SHARE UPDATE EXCLUSIVE, REINDEX CONCURRENTLY',
    before: makeIndex,
    after: dropIndex,
  },
  {
    sql: 'reindex table concurrently items',
    locks: { items: 'ShareUpdateExclusiveLock' },
    rewrites: ['items_pkey'],
    scans: { items: 2 * fixtureRows },
    source: 'explicit-locking: SHARE UPDATE EXCLUSIVE, REINDEX CONCURRENTLY',
  },
  {
    sql: 'reindex table concurrently logs',
    locks: { logs: 'ShareUpdateExclusiveLock', logs_1: 'ShareLock', logs_2: 'ShareLock' },
    source: 'unwritten: the partitions are found under SHARE, before the first index is built',
  },
  {
    sql: 'alter table logs detach partition logs_2 concurrently',
    locks: { logs: 'ShareUpdateExclusiveLock', logs_2: 'AccessExclusiveLock' },
    source:
      'sql-altertable, DETACH PARTITION: SHARE UPDATE EXCLUSIVE on both, then ACCESS EXCLUSIVE on the partition',
    after: ['alter table logs attach partition logs_2 for values from (1000) to (2000)'],
  },
  {
    sql: 'vacuum orders',
    locks: shared,
    source: 'explicit-locking: SHARE UPDATE EXCLUSIVE, VACUUM (without FULL)',
  },
  {
    sql: 'vacuum (analyze) items',
    locks: { items: 'ShareUpdateExclusiveLock' },
    source: 'explicit-locking: SHARE UPDATE EXCLUSIVE, VACUUM (without FULL)',
  },
  {
    sql: 'vacuum full items',
    locks: { items: 'AccessExclusiveLock' },
    rewrites: ['items', 'items_pkey'],
    scans: { items: 2 * fixtureRows },
    source: 'explicit-locking: ACCESS EXCLUSIVE, VACUUM FULL',
  },
]
