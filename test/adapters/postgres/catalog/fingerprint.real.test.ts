import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  inspectionStatements,
  parseInspection,
} from '../../../../electron/adapters/postgres/catalog/inspection.ts'
import { createPostgres, type Postgres } from '../../../../electron/adapters/postgres/create-postgres.ts'
import { diffCatalog } from '../../../../electron/catalog/diff-catalog.ts'
import { openSandbox, type TestSandbox } from '../../../support/with-sandbox.ts'
import { catchFailure, describeServers, describeTenant, never } from '../sandbox-settings.ts'

let sandbox: TestSandbox
let close: () => Promise<void>
let postgres: Postgres

const schema = `
  create type mood as enum ('good', 'bad');
  create domain positive as int check (value > 0);
  create table customer (id int generated always as identity primary key, name text not null default 'nobody',
    mood mood, born timestamptz default '2020-01-01 00:00:00+00', weight float8 default 0.1);
  create table "odd ""table""" ("a column" positive, customer_id int references customer);
  create table orders (id bigserial, customer_id int, placed date) partition by range (placed);
  create table orders_2026 partition of orders for values from ('2026-01-01') to ('2027-01-01');
  create index orders_customer on orders (customer_id);
  alter table orders add constraint orders_customer_fk foreign key (customer_id) references customer not valid;
  create view names as select name from customer where mood = 'good';
  create materialized view moods as select mood, count(*) from customer group by mood;
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger touched before update on customer for each row execute function touch();
  alter table customer enable row level security;
  create policy own on customer using (name = current_user);
  comment on table customer is 'who buys';
`

beforeAll(async () => {
  ;({ sandbox, close } = await openSandbox())
  postgres = createPostgres(describeServers(sandbox))
  await sandbox.query('create database base')
  await sandbox.query(schema, 'base')
  await sandbox.waitForStandbys()
})
afterAll(() => close())

const read = (database: string, server = 'primary', appRole: string | null = null) =>
  postgres.servers.fingerprint(server, describeTenant(database, appRole), never)

async function inspect(client: pg.Client, database: string) {
  const rowsByName: Record<string, readonly unknown[]> = {}
  for (const { name, sql } of inspectionStatements(describeTenant(database))) {
    rowsByName[name] = (await client.query<Record<string, unknown>>(sql)).rows
  }
  return parseInspection(rowsByName)
}

describe('a fingerprint', () => {
  it('is equal on the primary and on every standby, and takes little time', async () => {
    const started = performance.now()
    const primary = await read('base')
    const milliseconds = performance.now() - started
    expect(primary.items.length).toBeGreaterThan(40)
    for (const standby of sandbox.standbys) expect((await read('base', standby.name)).hash).toBe(primary.hash)
    process.stderr.write(`one fingerprint of ${primary.items.length} items: ${milliseconds.toFixed(1)} ms\n`)
    expect(milliseconds).toBeLessThan(2000)
  })

  it('does not depend on settings of the database or on history', async () => {
    const before = await read('base')
    await sandbox.query('create database copy template base')
    await sandbox.query(`
      alter database copy set search_path = pg_catalog, public;
      alter database copy set timezone = 'Asia/Tokyo';
      alter database copy set datestyle = 'German';
      alter database copy set quote_all_identifiers = on;
      alter database copy set extra_float_digits = -5;`)
    await sandbox.query(
      'alter table public.customer add column gone int; alter table public.customer drop column gone',
      'copy',
    )
    const after = await read('copy')
    expect(diffCatalog(before.items, after.items)).toEqual([])
    expect(after.hash).toBe(before.hash)
    await sandbox.query('drop database copy')
  })

  it('is equal inside the migrating transaction and after its commit, on every server', async () => {
    await sandbox.query('create database migrating template base')
    const before = await read('migrating')
    const client = await sandbox.connect('migrating')
    await client.query('begin; alter table customer add column email text; create index on customer (email)')
    const locksBefore = await countLocks(client)
    const inside = await inspect(client, 'migrating')
    expect(await countLocks(client)).toBe(locksBefore)
    const { rows } = await client.query<{ path: string }>(`select current_setting('search_path') as path`)
    expect(rows[0]?.path).toBe('"$user", public')
    await client.query(`prepare transaction 'lockstep:1:all:migrating'`)
    await client.query(`commit prepared 'lockstep:1:all:migrating'`)
    await client.end()
    await sandbox.waitForStandbys()
    const after = await read('migrating')
    expect(after.hash).toBe(inside.fingerprint)
    for (const standby of sandbox.standbys)
      expect((await read('migrating', standby.name)).hash).toBe(after.hash)
    expect(diffCatalog(before.items, after.items)).toEqual([
      '+ column public.customer.email',
      '+ index public.customer_email_idx',
    ])
    await sandbox.query('drop database migrating')
  })

  it('reports a locked table instead of waiting for it', async () => {
    await sandbox.query('create database locked template base')
    const client = await sandbox.connect('locked')
    await client.query('begin; lock table customer in access exclusive mode')
    expect(await catchFailure(read('locked'))).toMatchObject({ kind: 'database_error', sqlstate: '55P03' })
    await client.end()
    await sandbox.query('drop database locked')
  })
})

describe("the tenant's own role", () => {
  it('does not make two tenants differ, another role does', async () => {
    const roles = [`aa "quoted" 'role' 100%:x`, 'zz_role', 'mm_other']
    for (const role of roles) await sandbox.query(`create role "${role.replaceAll('"', '""')}"`)
    const build = async (database: string, role: string, granted: string) => {
      const name = `"${role.replaceAll('"', '""')}"`
      await sandbox.query(`create database ${database} template base`)
      await sandbox.query(
        `alter table customer owner to ${name}; grant select on customer to ${granted}, ${name};
         create policy app on customer to ${name}, ${granted} using (true);
         alter default privileges for role ${name} grant select on tables to ${granted}`,
        database,
      )
    }
    await build('first', roles[0]!, 'mm_other')
    await build('second', roles[1]!, 'mm_other')
    await build('third', roles[1]!, 'pg_monitor')
    const first = await read('first', 'primary', roles[0])
    const second = await read('second', 'primary', roles[1])
    expect(diffCatalog(first.items, second.items)).toEqual([])
    expect(second.hash).toBe(first.hash)
    expect((await read('second')).hash).not.toBe(first.hash)
    expect((await read('third', 'primary', roles[1])).hash).not.toBe(first.hash)
  })
})

describe('an inspection', () => {
  it('names invalid indexes and constraints that are not validated, and none of those not enforced', async () => {
    await sandbox.query('create database inspected template base')
    const client = await sandbox.connect('inspected')
    await client.query(`begin;
      alter table customer add constraint named check (name <> '') not valid;
      alter table customer add constraint loose check (name <> '') not enforced;
      create index lonely on only orders (placed);`)
    const found = await inspect(client, 'inspected')
    await client.end()
    expect(found.invalidIndexes).toEqual(['public.lonely'])
    expect(found.unvalidatedConstraints).toEqual([
      'public.customer.named',
      'public.orders.orders_customer_fk',
      'public.orders_2026.orders_customer_fk',
    ])
  })
})

async function countLocks(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `select count(*) from pg_locks where pid = pg_backend_pid() and locktype = 'relation'`,
  )
  return Number(rows[0]?.count)
}
