import { fixtureRows } from './lock-fixture.ts'
import type { LockForm } from './lock-form.ts'

const rule = 'sql-altertable: "ACCESS EXCLUSIVE unless explicitly noted"'
const notes = 'sql-altertable, Notes: '
const exclusive = { orders: 'AccessExclusiveLock' } as const
const orderIndexes = ['orders_amount_idx', 'orders_customer_id_idx', 'orders_pkey', 'orders_status_key']
/** The table is read once, and once more for each of its four indexes. */
const rewritten = { rewrites: ['orders', ...orderIndexes], scans: { orders: 5 * fixtureRows } }
const readOnce = { scans: { orders: fixtureRows } }

const columns: readonly LockForm[] = [
  { sql: 'alter table orders add column extra text', locks: exclusive, source: rule },
  {
    sql: 'alter table orders add column extra int not null default 5',
    locks: exclusive,
    source: `${notes}a non-volatile default is evaluated once, no rewrite`,
  },
  {
    sql: 'alter table orders add column extra timestamptz default clock_timestamp()',
    locks: exclusive,
    ...rewritten,
    source: `${notes}a volatile default rewrites the table and its indexes`,
  },
  {
    sql: 'alter table orders add column extra int generated always as identity',
    locks: exclusive,
    ...rewritten,
    source: `${notes}an identity column rewrites`,
  },
  {
    sql: 'alter table orders add column extra bigserial',
    locks: exclusive,
    ...rewritten,
    source: `${notes}a volatile default rewrites`,
  },
  {
    sql: 'alter table orders add column extra int generated always as (amount + 1) stored',
    locks: exclusive,
    ...rewritten,
    source: `${notes}a stored generated column rewrites`,
  },
  {
    sql: 'alter table orders add column extra int generated always as (amount + 1) virtual',
    locks: exclusive,
    since: 18,
    source: `${notes}a virtual generated column never rewrites`,
  },
  {
    sql: 'alter table orders add column extra int references customers',
    locks: { ...exclusive, customers: 'ShareRowExclusiveLock' },
    source: 'sql-altertable, ADD table_constraint: SHARE ROW EXCLUSIVE on the referenced table',
  },
  {
    sql: 'alter table orders drop column legacy',
    locks: exclusive,
    source: `${notes}it only becomes invisible`,
  },
  {
    sql: 'alter table orders alter column quantity type bigint',
    locks: exclusive,
    ...rewritten,
    source: `${notes}changing the type rewrites the table and its indexes`,
  },
  {
    sql: 'alter table orders alter column note type varchar(300)',
    locks: exclusive,
    source: `${notes}a binary coercible type that needs no check is no rewrite`,
  },
  {
    sql: 'alter table orders alter column note type text',
    locks: exclusive,
    source: `${notes}a binary coercible type is no rewrite`,
  },
  {
    sql: 'alter table orders alter column note type varchar(50)',
    locks: exclusive,
    ...rewritten,
    source: `${notes}changing the type rewrites`,
  },
  {
    sql: 'alter table orders alter column status type text collate "C"',
    locks: { ...exclusive, orders_status_key: 'AccessExclusiveLock' },
    rewrites: ['orders_status_key'],
    ...readOnce,
    source: `${notes}indexes on it are rebuilt unless they would be equal`,
  },
  { sql: "alter table orders alter column note set default 'x'", locks: exclusive, source: rule },
  { sql: 'alter table orders alter column note drop default', locks: exclusive, source: rule },
  {
    sql: 'alter table orders alter column status set not null',
    locks: exclusive,
    ...readOnce,
    source: 'sql-altertable, SET NOT NULL: ordinarily checked by scanning the entire table',
  },
  {
    sql: 'alter table orders alter column quantity set not null',
    locks: exclusive,
    source: 'sql-altertable, SET NOT NULL: a valid CHECK that proves it spares the scan',
  },
  { sql: 'alter table orders alter column amount drop not null', locks: exclusive, source: rule },
  {
    sql: 'alter table orders alter column status set statistics 500',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'sql-altertable, SET STATISTICS: SHARE UPDATE EXCLUSIVE',
  },
  {
    sql: 'alter table orders alter column status set (n_distinct = 5)',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'sql-altertable, SET ( attribute_option ): SHARE UPDATE EXCLUSIVE',
  },
  { sql: 'alter table orders alter column note set storage external', locks: exclusive, source: rule },
  { sql: 'alter table orders alter column note set compression pglz', locks: exclusive, source: rule },
  { sql: 'alter table orders alter column total drop expression', locks: exclusive, source: rule },
  {
    sql: 'alter table orders alter column total set expression as (amount * 3)',
    locks: exclusive,
    ...rewritten,
    since: 17,
    source: 'sql-altertable, SET EXPRESSION: existing data is rewritten',
  },
  { sql: 'alter table orders alter column id set generated always', locks: exclusive, source: rule },
  { sql: 'alter table orders alter column id drop identity', locks: exclusive, source: rule },
  {
    sql: 'alter table base add column note text',
    locks: { base: 'AccessExclusiveLock', derived: 'AccessExclusiveLock' },
    source: `${rule}, descendants too`,
  },
  {
    sql: 'alter table "Odd schema"."Odd table" add column note text',
    locks: { '"Odd schema"."Odd table"': 'AccessExclusiveLock' },
    source: rule,
  },
  {
    sql: 'alter foreign table remote add column note text',
    locks: { remote: 'AccessExclusiveLock' },
    source: 'sql-alterforeigntable, as sql-altertable',
  },
]

const constraints: readonly LockForm[] = [
  {
    sql: 'alter table orders add constraint c check (amount > 0)',
    locks: exclusive,
    ...readOnce,
    source: `${notes}adding a CHECK scans the table`,
  },
  {
    sql: 'alter table orders add constraint c check (amount > 0) not valid',
    locks: exclusive,
    invalid: ['orders.c'],
    source: `${notes}NOT VALID skips the scan`,
  },
  {
    sql: 'alter table orders add constraint c unique (note, id)',
    locks: exclusive,
    ...readOnce,
    source: `${rule}; it builds an index`,
  },
  {
    sql: 'alter table kinds drop constraint kinds_pkey, add primary key (id)',
    locks: { kinds: 'AccessExclusiveLock' },
    rewrites: ['kinds_pkey'],
    scans: { kinds: 0 },
    source: rule,
  },
  {
    sql: 'alter table orders add constraint c exclude using btree (customer_id with =)',
    locks: exclusive,
    scans: { orders: 2 * fixtureRows },
    source: `${rule}; it builds an index and checks each row by it`,
  },
  {
    sql: 'alter table orders add constraint orders_amount_idx unique using index orders_amount_idx',
    locks: exclusive,
    source: 'sql-altertable, ADD table_constraint_using_index: a fast operation',
  },
  {
    sql: 'alter table items add constraint c foreign key (id) references orders',
    locks: { items: 'ShareRowExclusiveLock', orders: 'ShareRowExclusiveLock' },
    scans: { items: fixtureRows, orders: fixtureRows },
    source:
      'sql-altertable, ADD table_constraint: ADD FOREIGN KEY requires only SHARE ROW EXCLUSIVE, on both',
  },
  {
    sql: 'alter table items add constraint c foreign key (id) references orders not valid',
    locks: { items: 'ShareRowExclusiveLock', orders: 'ShareRowExclusiveLock' },
    invalid: ['items.c'],
    source:
      'sql-altertable, ADD table_constraint: ADD FOREIGN KEY requires only SHARE ROW EXCLUSIVE, on both',
  },
  {
    sql: 'alter table orders validate constraint orders_amount_positive',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    ...readOnce,
    source: 'sql-altertable, VALIDATE CONSTRAINT: SHARE UPDATE EXCLUSIVE',
  },
  {
    sql: 'alter table orders validate constraint orders_customer_fk',
    locks: { orders: 'ShareUpdateExclusiveLock', customers: 'RowShareLock' },
    scans: { orders: fixtureRows, customers: fixtureRows },
    source: 'sql-altertable, VALIDATE CONSTRAINT: ROW SHARE on the referenced table',
  },
  {
    sql: 'alter table orders drop constraint orders_status_key',
    locks: { ...exclusive, orders_status_key: 'AccessExclusiveLock' },
    source: rule,
  },
  {
    sql: 'alter table items drop constraint items_order_id_fkey',
    locks: { items: 'AccessExclusiveLock', orders: 'AccessExclusiveLock' },
    source: `${rule}; unwritten: the referenced table loses its triggers, with the same lock`,
  },
  {
    sql: 'alter table items alter constraint items_order_id_fkey deferrable',
    locks: { items: 'AccessExclusiveLock' },
    source: rule,
  },
  {
    sql: 'alter table orders rename constraint orders_status_key to orders_status_unique',
    locks: { ...exclusive, orders_status_key: 'ShareUpdateExclusiveLock' },
    source: `${rule}; sql-alterindex, RENAME: SHARE UPDATE EXCLUSIVE on the index`,
  },
  {
    sql: 'alter table orders add constraint n not null status not valid',
    locks: exclusive,
    invalid: ['orders.status'],
    since: 18,
    source: `${notes}NOT VALID skips the scan`,
  },
  {
    sql: 'alter domain positive add check (value > 0)',
    locks: { measures: 'ShareLock' },
    scans: { measures: fixtureRows },
    source: 'unwritten: tables with columns of the domain are read',
  },
  {
    sql: 'alter domain positive add check (value > 0) not valid',
    locks: {},
    invalid: ['positive.positive_check'],
    source: 'sql-alterdomain: NOT VALID checks no stored data',
  },
]

const wholeTables: readonly LockForm[] = [
  { sql: 'alter table orders rename column note to remark', locks: exclusive, source: rule },
  { sql: 'alter table orders rename to purchases', locks: exclusive, source: rule },
  { sql: 'alter table orders set schema other', locks: exclusive, source: rule },
  { sql: 'alter table orders owner to lock_reader', locks: exclusive, source: rule },
  { sql: 'alter table orders replica identity full', locks: exclusive, source: rule },
  {
    sql: 'alter table customers disable trigger customers_touch',
    locks: { customers: 'ShareRowExclusiveLock' },
    source: 'sql-altertable, DISABLE TRIGGER: SHARE ROW EXCLUSIVE',
  },
  {
    sql: 'alter table customers enable always trigger customers_touch',
    locks: { customers: 'ShareRowExclusiveLock' },
    source: 'sql-altertable, ENABLE ALWAYS TRIGGER: SHARE ROW EXCLUSIVE',
  },
  {
    sql: 'alter table kinds disable rule kinds_quiet',
    locks: { kinds: 'AccessExclusiveLock' },
    source: rule,
  },
  {
    sql: 'alter table customers enable row level security',
    locks: { customers: 'AccessExclusiveLock' },
    source: rule,
  },
  {
    sql: 'alter table customers force row level security',
    locks: { customers: 'AccessExclusiveLock' },
    source: rule,
  },
  {
    sql: 'alter table orders cluster on orders_customer_id_idx',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'sql-altertable, CLUSTER ON: SHARE UPDATE EXCLUSIVE',
  },
  {
    sql: 'alter table orders set without cluster',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'sql-altertable, SET WITHOUT CLUSTER: SHARE UPDATE EXCLUSIVE',
  },
  {
    sql: 'alter table orders set (fillfactor = 70)',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'sql-altertable, SET ( storage_parameter ): SHARE UPDATE EXCLUSIVE for fillfactor',
  },
  {
    sql: 'alter table orders set (autovacuum_enabled = false, toast.autovacuum_enabled = false)',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'sql-altertable, SET ( storage_parameter ): SHARE UPDATE EXCLUSIVE for autovacuum and toast',
  },
  {
    sql: 'alter table orders reset (parallel_workers)',
    locks: { orders: 'ShareUpdateExclusiveLock' },
    source: 'sql-altertable, SET ( storage_parameter ): SHARE UPDATE EXCLUSIVE for parallel_workers',
  },
  { sql: 'alter table orders set (user_catalog_table = true)', locks: exclusive, source: rule },
  {
    sql: 'alter table items set unlogged',
    locks: { items: 'AccessExclusiveLock' },
    rewrites: ['items', 'items_pkey'],
    scans: { items: 2 * fixtureRows },
    source: `${rule}; it copies the table`,
  },
  { sql: 'alter table orders set tablespace pg_default', locks: exclusive, source: `${rule}; already there` },
  {
    sql: 'alter table orders set access method heap',
    locks: exclusive,
    since: 15,
    source: `${rule}; already the one`,
  },
  {
    sql: 'alter table adopted inherit base',
    locks: { adopted: 'AccessExclusiveLock', base: 'ShareUpdateExclusiveLock' },
    source: `${rule}; unwritten: the parent`,
  },
  {
    sql: 'alter table derived no inherit base',
    locks: { derived: 'AccessExclusiveLock', base: 'AccessShareLock' },
    source: `${rule}; unwritten: the parent`,
  },
]

const partitions: readonly LockForm[] = [
  {
    sql: 'alter table events add column note text',
    locks: {
      events: 'AccessExclusiveLock',
      events_1: 'AccessExclusiveLock',
      events_2: 'AccessExclusiveLock',
      events_rest: 'AccessExclusiveLock',
    },
    source: `${rule}, partitions too`,
  },
  {
    sql: 'alter table events attach partition events_3 for values from (2000) to (3000)',
    locks: {
      events: 'ShareUpdateExclusiveLock',
      events_3: 'AccessExclusiveLock',
      events_rest: 'AccessExclusiveLock',
    },
    scans: { events_3: 0, events_rest: 0 },
    source:
      'sql-altertable, ATTACH PARTITION: SHARE UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on table and default',
  },
  {
    sql: 'alter table logs detach partition logs_2',
    locks: { logs: 'AccessExclusiveLock', logs_2: 'AccessExclusiveLock' },
    source: rule,
  },
  {
    sql: 'alter table events detach partition events_2',
    locks: {
      events: 'AccessExclusiveLock',
      events_2: 'AccessExclusiveLock',
      events_rest: 'AccessExclusiveLock',
    },
    source: `${rule}; the default partition's constraint changes`,
  },
  {
    sql: 'create table logs_3 partition of logs for values from (2000) to (3000)',
    locks: { logs: 'AccessExclusiveLock' },
    source: 'sql-createtable, PARTITION OF: ACCESS EXCLUSIVE on the parent',
  },
  {
    sql: 'drop table logs_2',
    locks: { logs: 'AccessExclusiveLock', logs_2: 'AccessExclusiveLock' },
    source: 'sql-createtable, PARTITION OF: dropping one requires ACCESS EXCLUSIVE on the parent',
  },
]

/** Forms of `alter table`, and of what makes and drops partitions. */
export const alterTableForms: readonly LockForm[] = [
  ...columns,
  ...constraints,
  ...wholeTables,
  ...partitions,
]
