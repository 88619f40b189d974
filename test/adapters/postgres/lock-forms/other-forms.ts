import { fixtureRows } from './lock-fixture.ts'
import type { LockForm } from './lock-form.ts'

const table = 'explicit-locking: '
const referenced = `${table}ACCESS SHARE on every table that is only read`
const orderIndexes = ['orders_amount_idx', 'orders_customer_id_idx', 'orders_pkey', 'orders_status_key']
const readOnce = { scans: { orders: fixtureRows } }

const indexes: readonly LockForm[] = [
  {
    sql: 'create index i on orders (status)',
    locks: { orders: 'ShareLock' },
    ...readOnce,
    source: `${table}SHARE, CREATE INDEX`,
  },
  {
    sql: 'create unique index i on orders (id, status)',
    locks: { orders: 'ShareLock' },
    ...readOnce,
    source: `${table}SHARE, CREATE INDEX`,
  },
  {
    sql: 'create index i on events (kind)',
    locks: { events: 'ShareLock', events_1: 'ShareLock', events_2: 'ShareLock', events_rest: 'ShareLock' },
    scans: { events_1: fixtureRows, events_2: 0, events_rest: 0 },
    source: `${table}SHARE, CREATE INDEX; sql-createindex: matching ones on all partitions`,
  },
  {
    sql: 'create index i on only events (kind)',
    locks: { events: 'ShareLock' },
    invalid: ['i'],
    source: 'sql-createindex, ONLY: not recursed, and marked invalid',
  },
  {
    sql: 'drop index orders_customer_id_idx',
    locks: { orders: 'AccessExclusiveLock', orders_customer_id_idx: 'AccessExclusiveLock' },
    source: 'sql-dropindex: a normal one acquires ACCESS EXCLUSIVE on the table',
  },
  {
    sql: 'alter index orders_customer_id_idx rename to i',
    locks: { orders_customer_id_idx: 'ShareUpdateExclusiveLock' },
    source: 'sql-alterindex, RENAME: SHARE UPDATE EXCLUSIVE',
  },
  {
    sql: 'alter index orders_customer_id_idx set (fillfactor = 70)',
    locks: { orders_customer_id_idx: 'ShareUpdateExclusiveLock' },
    source: `${table}SHARE UPDATE EXCLUSIVE, certain ALTER INDEX variants`,
  },
  {
    sql: 'alter index orders_customer_id_idx set tablespace pg_default',
    locks: { orders_customer_id_idx: 'AccessExclusiveLock' },
    source: 'sql-alterindex: ACCESS EXCLUSIVE unless explicitly noted',
  },
  {
    sql: 'reindex index orders_customer_id_idx',
    locks: { orders: 'ShareLock', orders_customer_id_idx: 'AccessExclusiveLock' },
    rewrites: ['orders_customer_id_idx'],
    ...readOnce,
    source: 'sql-reindex, Notes: locks out writes but not reads of the table, ACCESS EXCLUSIVE on the index',
  },
  {
    sql: 'reindex table orders',
    locks: { orders: 'ShareLock', orders_pkey: 'AccessExclusiveLock' },
    rewrites: orderIndexes,
    scans: { orders: 4 * fixtureRows },
    source: 'sql-reindex, Notes: locks out writes but not reads of the table, ACCESS EXCLUSIVE on the index',
  },
  {
    sql: 'create statistics s on status, quantity from orders',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${table}SHARE UPDATE EXCLUSIVE, CREATE STATISTICS`,
  },
  {
    sql: 'drop statistics orders_stats',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'unwritten: as CREATE STATISTICS',
  },
]

const tables: readonly LockForm[] = [
  { sql: 'create table fresh (id int primary key)', locks: {}, source: 'nothing was there before' },
  {
    sql: 'create table fresh (id int references customers)',
    locks: { customers: 'ShareRowExclusiveLock' },
    source: 'sql-createtable, REFERENCES: SHARE ROW EXCLUSIVE on the referenced table',
  },
  { sql: 'create table fresh (like orders)', locks: { orders: 'AccessShareLock' }, source: referenced },
  {
    sql: 'create table fresh () inherits (base)',
    locks: { base: 'ShareUpdateExclusiveLock' },
    source: 'unwritten: the parent of a new child',
  },
  {
    sql: 'create table fresh as select * from orders',
    locks: { orders: 'AccessShareLock' },
    ...readOnce,
    source: referenced,
  },
  {
    sql: 'drop table kinds',
    locks: { kinds: 'AccessExclusiveLock', kinds_pkey: 'AccessExclusiveLock' },
    source: `${table}ACCESS EXCLUSIVE, DROP TABLE`,
  },
  {
    sql: 'drop table customers cascade',
    locks: { customers: 'AccessExclusiveLock', orders: 'AccessExclusiveLock' },
    source: `${table}ACCESS EXCLUSIVE, DROP TABLE; the foreign key of orders goes with it`,
  },
  {
    sql: 'truncate items',
    locks: { items: 'AccessExclusiveLock' },
    rewrites: ['items', 'items_pkey'],
    scans: { items: 0 },
    source: `${table}ACCESS EXCLUSIVE, TRUNCATE; the new files are empty`,
  },
  {
    sql: 'cluster orders using orders_customer_id_idx',
    locks: { orders: 'AccessExclusiveLock' },
    rewrites: ['orders', ...orderIndexes],
    scans: { orders: 4 * fixtureRows },
    source: `${table}ACCESS EXCLUSIVE, CLUSTER; read by the index, then for each of four`,
  },
  {
    sql: 'lock table orders',
    locks: { orders: 'AccessExclusiveLock' },
    source: 'sql-lock: ACCESS EXCLUSIVE when no mode is given',
  },
  {
    sql: 'lock table orders in exclusive mode',
    locks: { orders: 'ExclusiveLock' },
    source: 'sql-lock',
  },
  {
    sql: 'analyze orders',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${table}SHARE UPDATE EXCLUSIVE, ANALYZE`,
  },
]

const attached: readonly LockForm[] = [
  {
    sql: 'create trigger t before insert on orders for each row execute function nothing()',
    locks: { orders: 'ShareRowExclusiveLock' },
    source: `${table}SHARE ROW EXCLUSIVE, CREATE TRIGGER`,
  },
  {
    sql: 'drop trigger customers_touch on customers',
    locks: { customers: 'AccessExclusiveLock' },
    source: 'unwritten: ACCESS EXCLUSIVE',
  },
  {
    sql: 'alter trigger customers_touch on customers rename to t',
    locks: { customers: 'AccessExclusiveLock' },
    source: 'unwritten: ACCESS EXCLUSIVE',
  },
  {
    sql: 'drop function nothing() cascade',
    locks: { customers: 'AccessExclusiveLock' },
    source: 'unwritten: its trigger goes with it',
  },
  {
    sql: 'create rule r as on delete to kinds do instead nothing',
    locks: { kinds: 'AccessExclusiveLock' },
    source: 'unwritten: ACCESS EXCLUSIVE',
  },
  {
    sql: 'create policy p on customers using (true)',
    locks: { customers: 'AccessExclusiveLock' },
    source: 'unwritten: ACCESS EXCLUSIVE',
  },
  {
    sql: 'alter policy customers_all on customers using (false)',
    locks: { customers: 'AccessExclusiveLock' },
    source: 'unwritten: ACCESS EXCLUSIVE',
  },
  {
    sql: "comment on table orders is 'x'",
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${table}SHARE UPDATE EXCLUSIVE, COMMENT ON`,
  },
  {
    sql: "comment on column orders.note is 'x'",
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: `${table}SHARE UPDATE EXCLUSIVE, COMMENT ON`,
  },
  {
    sql: 'grant select on orders to lock_reader',
    locks: {},
    from: {
      version: 18,
      why: 'unwritten: seen on 18 only, which looks the named tables up under a lock',
      locks: { orders: 'AccessShareLock' },
    },
    source: 'unwritten: no lock on the table',
  },
  {
    sql: 'create publication p for table orders',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'unwritten: SHARE UPDATE EXCLUSIVE',
  },
]

const views: readonly LockForm[] = [
  { sql: 'create view v as select * from orders', locks: { orders: 'AccessShareLock' }, source: referenced },
  {
    sql: 'create or replace view order_totals as select customer_id, sum(amount) as total, 1 as more from orders group by 1',
    locks: { order_totals: 'AccessExclusiveLock', orders: 'AccessShareLock' },
    source: `unwritten: the view; ${referenced}`,
  },
  {
    sql: 'drop view order_totals',
    locks: { order_totals: 'AccessExclusiveLock' },
    source: 'unwritten: as DROP TABLE',
  },
  {
    sql: 'create materialized view v as select * from orders',
    locks: { orders: 'AccessShareLock' },
    ...readOnce,
    source: referenced,
  },
  {
    sql: 'refresh materialized view order_counts',
    locks: { order_counts: 'AccessExclusiveLock', orders: 'AccessShareLock' },
    rewrites: ['order_counts', 'order_counts_idx'],
    scans: { orders: fixtureRows, order_counts: fixtureRows },
    source: `${table}ACCESS EXCLUSIVE, REFRESH MATERIALIZED VIEW (without CONCURRENTLY)`,
  },
  {
    sql: 'refresh materialized view concurrently order_counts',
    locks: { order_counts: 'ExclusiveLock', orders: 'AccessShareLock' },
    scans: { orders: fixtureRows, order_counts: fixtureRows },
    source: `${table}EXCLUSIVE, REFRESH MATERIALIZED VIEW CONCURRENTLY`,
  },
  {
    sql: 'drop materialized view order_counts',
    locks: { order_counts: 'AccessExclusiveLock' },
    source: 'unwritten: as DROP TABLE',
  },
]

const typesAndSequences: readonly LockForm[] = [
  { sql: "alter type mood add value 'fine'", locks: {}, source: 'unwritten: no table is touched' },
  { sql: "alter type mood rename value 'ok' to 'good'", locks: {}, source: 'unwritten: no table is touched' },
  {
    sql: 'drop type mood cascade',
    locks: { moods: 'AccessExclusiveLock' },
    source: 'unwritten: the column goes with it',
  },
  {
    sql: 'alter sequence tickets restart',
    locks: { tickets: 'ShareRowExclusiveLock' },
    source: 'unwritten: SHARE ROW EXCLUSIVE',
  },
  {
    sql: 'drop sequence tickets',
    locks: { tickets: 'AccessExclusiveLock' },
    source: 'unwritten: as DROP TABLE',
  },
]

/** The last of all: rows that were written and rolled back would be counted by those that build an index after them. */
const data: readonly LockForm[] = [
  {
    sql: 'select * from orders',
    locks: { orders: 'AccessShareLock' },
    ...readOnce,
    source: `${table}ACCESS SHARE, SELECT`,
  },
  {
    sql: 'select * from orders where id = 1 for update',
    locks: { orders: 'RowShareLock' },
    source: `${table}ROW SHARE, SELECT FOR UPDATE`,
  },
  {
    sql: "insert into kinds values (1, 'a')",
    locks: { kinds: 'RowExclusiveLock' },
    source: `${table}ROW EXCLUSIVE, INSERT`,
  },
  {
    sql: 'update orders set note = null',
    locks: { orders: 'RowExclusiveLock' },
    ...readOnce,
    source: `${table}ROW EXCLUSIVE, UPDATE`,
  },
  {
    sql: 'delete from items where id = 3',
    locks: { items: 'RowExclusiveLock' },
    source: `${table}ROW EXCLUSIVE, DELETE`,
  },
  {
    sql: 'merge into measures m using moods on m.id = moods.id when matched then delete',
    locks: { measures: 'RowExclusiveLock', moods: 'AccessShareLock' },
    scans: { measures: fixtureRows, moods: fixtureRows },
    since: 15,
    source: `${table}ROW EXCLUSIVE, MERGE`,
  },
  {
    sql: "copy kinds from program 'true'",
    locks: { kinds: 'RowExclusiveLock' },
    source: `${table}ROW EXCLUSIVE, any command that modifies data`,
  },
]

/** Every other form that can be part of a transaction. */
export const otherForms: readonly LockForm[] = [
  ...indexes,
  ...tables,
  ...attached,
  ...views,
  ...typesAndSequences,
  ...data,
]
