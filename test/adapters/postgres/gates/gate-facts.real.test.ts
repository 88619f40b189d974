import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createGateFacts } from '../../../../electron/adapters/postgres/gates/gate-facts.ts'
import type { GateFacts } from '../../../../electron/engine/ports/gate-facts.ts'
import type { Tenant } from '../../../../shared/topology/topology.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { describeServer, describeTenant, never } from '../sandbox-settings.ts'

let birch: Tenant
const odd = describeTenant(`o"d d 日本 'ß'`)

let sandbox: TestSandbox
let close: () => Promise<void>
let facts: GateFacts

beforeAll(async () => {
  const opened = await openSandbox({ standbys: 0, maxPreparedTransactions: 10 })
  sandbox = opened.sandbox
  close = opened.close
  facts = createGateFacts([describeServer(sandbox, sandbox.primary)])
  await sandbox.query(`create database "${odd.database.replaceAll('"', '""')}"`)
})

afterAll(() => close())

let databases = 0

/** A database for one test alone, under the name that the statements of the test use. */
beforeEach(async () => {
  databases += 1
  const database = `birch_${databases}`
  birch = describeTenant(database)
  await sandbox.query(`create database ${database}`)
})

test('counts the orphans behind a constraint that is not valid', async () => {
  await sandbox.query(
    `create table parent (id int primary key);
     create table child (id int primary key, parent_id int);
     insert into parent values (1); insert into child values (1, 1), (2, 7), (3, null);
     alter table child add constraint child_parent foreign key (parent_id) references parent not valid`,
    birch.database,
  )
  expect(await facts.readForeignKeys(birch, { statementTimeoutMs: 5000 }, never)).toEqual([
    {
      table: 'public.child',
      constraint: 'child_parent',
      validated: false,
      enforced: true,
      orphans: 1,
      counted: true,
      query:
        'select c.* from only public.child c where c.parent_id is not null and not exists (select from only public.parent p where p.id operator(pg_catalog.=) c.parent_id);',
    },
  ])
  const [{ query } = { query: '' }] = await facts.readForeignKeys(birch, { statementTimeoutMs: 5000 }, never)
  expect(await sandbox.query(query, birch.database)).toEqual([{ id: 2, parent_id: 7 }])
})

test('finds an orphan that was smuggled in behind a validated constraint', async () => {
  await sandbox.query(
    `create table parent (id int primary key);
     create table child (parent_id int references parent);
     set session_replication_role = replica;
     insert into child values (9)`,
    birch.database,
  )
  const [key] = await facts.readForeignKeys(birch, { statementTimeoutMs: 5000 }, never)
  expect(key).toMatchObject({ validated: true, orphans: 1, counted: true })
})

test('counts keys with several columns, odd names, other operators, MATCH FULL, partitions and periods', async () => {
  await sandbox.query(
    `create schema "Sch ""ema"; create extension btree_gist; create extension citext;
     create table "Sch ""ema"."par ent" ("i d" int, b text, primary key ("i d", b));
     create table "Sch ""ema"."chi'ld" ("i d" int, b text,
       constraint "f ""k" foreign key ("i d", b) references "Sch ""ema"."par ent" match full not valid);
     insert into "Sch ""ema"."par ent" values (1, 'x');
     insert into "Sch ""ema"."chi'ld" values (1, 'x'), (null, null);
     create table word (w citext primary key);
     create table said (w citext references word);
     insert into word values ('Hello'); insert into said values ('hELLO');
     create table base (id int primary key); insert into base values (1);
     create table part (id int, base_id int references base) partition by list (id);
     create table part_1 partition of part for values in (1);
     insert into part values (1, 1);
     create table stay (room int, during tstzrange, primary key (room, during without overlaps));
     create table meal (room int, during tstzrange, foreign key (room, period during) references stay (room, period during));
     insert into stay values (1, '[2026-01-01,2026-01-05)'), (1, '[2026-01-05,2026-01-09)');
     insert into meal values (1, '[2026-01-03,2026-01-07)');
     set session_replication_role = replica;
     insert into "Sch ""ema"."chi'ld" values (1, null), (2, 'y');
     insert into part values (1, 5);
     insert into meal values (1, '[2026-01-08,2026-01-11)')`,
    odd.database,
  )
  const keys = await facts.readForeignKeys(odd, { statementTimeoutMs: 5000 }, never)
  expect(keys.map(({ table, constraint, orphans }) => `${table} ${constraint} ${orphans}`)).toEqual([
    `"Sch ""ema"."chi'ld" f "k 2`,
    'public.meal meal_room_during_fkey 1',
    'public.part part_base_id_fkey 1',
    'public.said said_w_fkey 0',
  ])
})

test('does not wait for a locked table longer than its time limit', async () => {
  await sandbox.query(
    'create table parent (id int primary key); create table child (parent_id int references parent)',
    birch.database,
  )
  const holder = await sandbox.connect(birch.database)
  await holder.query('begin; lock table child in access exclusive mode')
  const [key] = await facts.readForeignKeys(birch, { statementTimeoutMs: 200 }, never)
  expect(key).toMatchObject({ counted: false })
  await holder.end()
})

test('names the foreign keys whose triggers are switched off, on both tables', async () => {
  await sandbox.query(
    `create table parent (id int primary key); create table child (parent_id int references parent);
     alter table child disable trigger all`,
    birch.database,
  )
  expect(await facts.readDisabledForeignKeyTriggers(birch, never)).toEqual([
    { table: 'public.child', constraint: 'child_parent_id_fkey' },
  ])
})

test('sees who holds a lock on a table of the plan, and its partitions, with the mode', async () => {
  await sandbox.query(
    `create table events (id int) partition by list (id); create table events_1 partition of events for values in (1);
     create table other (id int)`,
    birch.database,
  )
  const holder = await sandbox.connect(birch.database)
  await holder.query(`set application_name = 'report'; begin; select from events_1; select from other`)
  const [session, ...rest] = await facts.readBlockingSessions(
    birch,
    ['public.events', 'public.not_there_yet'],
    never,
  )
  expect(rest).toEqual([])
  expect(session).toMatchObject({
    application: 'report',
    state: 'idle in transaction',
    gid: null,
    locks: ['public.events_1:AccessShareLock'],
  })
  expect(session?.ageSeconds).toBeGreaterThanOrEqual(0)
  const all = await facts.readBlockingSessions(birch, [], never)
  expect(all[0]?.locks).toEqual(['public.events_1:AccessShareLock', 'public.other:AccessShareLock'])
  await holder.end()
})

test('sees a transaction that idles without a lock, and leaves out sessions of our own', async () => {
  const idle = await sandbox.connect(birch.database)
  await idle.query(`set application_name = 'shell'; begin; select 1`)
  const ours = await sandbox.connect(birch.database)
  await ours.query(`set application_name = 'lockstep worker'; begin; select 1`)
  const sessions = await facts.readBlockingSessions(birch, ['public.nothing'], never)
  expect(sessions).toMatchObject([{ application: 'shell', state: 'idle in transaction', locks: [] }])
  expect(sessions[0]?.pid).toBeGreaterThan(0)
  await Promise.all([idle.end(), ours.end()])
})

test('sees a prepared transaction with the tables that it keeps locked', async () => {
  await sandbox.query('create table invoice (id int)', birch.database)
  await sandbox.query(
    `begin; alter table invoice add n int; prepare transaction 'the shop''s "own" 1'`,
    birch.database,
  )
  expect(await facts.readBlockingSessions(birch, ['public.invoice'], never)).toMatchObject([
    {
      pid: 0,
      state: 'prepared',
      gid: `the shop's "own" 1`,
      locks: ['public.invoice:AccessExclusiveLock'],
    },
  ])
  expect(await facts.readBlockingSessions(odd, ['public.invoice'], never)).toEqual([])
  await sandbox.query(`rollback prepared 'the shop''s "own" 1'`, birch.database)
})

test('refuses to conclude anything when other roles’ sessions are hidden', async () => {
  await sandbox.query('create role plain login')
  const plain = createGateFacts([describeServer(sandbox, sandbox.primary, { user: 'plain', password: null })])
  const other = await sandbox.connect(birch.database)
  await expect(plain.readBlockingSessions(birch, [], never)).rejects.toMatchObject({
    failure: {
      kind: 'usage',
      problem: expect.stringContaining('the role plain'),
      fix: 'As a superuser: grant pg_monitor to "plain";',
    },
  })
  await sandbox.query('grant pg_monitor to plain')
  await expect(plain.readBlockingSessions(birch, [], never)).resolves.toEqual([])
  await other.end()
})

test('reads settings as a plain login gets them, with their source', async () => {
  await sandbox.query(
    `alter database ${birch.database} set default_transaction_isolation = 'serializable';
     alter role postgres in database ${birch.database} set idle_in_transaction_session_timeout = '7s'`,
  )
  const names = ['default_transaction_isolation', 'idle_in_transaction_session_timeout', 'no_such_setting']
  expect(await facts.readSettings(birch, names, never)).toEqual([
    { name: 'default_transaction_isolation', setting: 'serializable', source: 'database' },
    { name: 'idle_in_transaction_session_timeout', setting: '7000', source: 'database user' },
  ])
})

test('counts tables with their indexes, toast, sequences and partitions', async () => {
  await sandbox.query(
    `create table plain (id int);
     create table rich (id serial primary key, note text);
     create table many (id int) partition by list (id);
     create table many_1 partition of many for values in (1)`,
    birch.database,
  )
  expect(await facts.countLockTargets(birch, ['public.plain'], never)).toBe(1)
  // table, primary key, toast table and its index, sequence
  expect(await facts.countLockTargets(birch, ['public.rich'], never)).toBe(5)
  expect(await facts.countLockTargets(birch, ['public.many', 'public.plain'], never)).toBe(3)
  expect(await facts.countLockTargets(birch, ['public.unknown'], never)).toBe(0)
  expect(await facts.countLockTargets(birch, [], never)).toBe(8)
})

test('reads what a server has room for, its own sessions not counted', async () => {
  const before = await facts.readCapacity(sandbox.primary.name, never)
  expect(before).toMatchObject({
    server: sandbox.primary.name,
    maxPreparedTransactions: 10,
    usedPreparedTransactions: 0,
  })
  expect(before.freeDiskBytes).toBeGreaterThan(0)
  expect(before.reservedConnections).toBeGreaterThanOrEqual(3)
  const one = await sandbox.connect()
  const after = await facts.readCapacity(sandbox.primary.name, never)
  expect(after.usedConnections).toBe(before.usedConnections + 1)
  await one.end()
})
