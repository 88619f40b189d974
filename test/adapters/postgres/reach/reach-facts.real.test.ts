import { describe, expect } from 'vitest'
import { createReachFacts } from '../../../../electron/adapters/postgres/reach/reach-facts.ts'
import type { ServerSettings } from '../../../../electron/adapters/postgres/session/server-settings.ts'
import { compareShared } from '../../../../electron/engine/rehearsal/compare-shared.ts'
import { needsVersion, postgresVersions, serverOf } from '../../../support/postgres-versions.ts'
import type { TestSandbox } from '../../../support/with-sandbox.ts'

const never = new AbortController().signal

function settingsOf(sandbox: TestSandbox, user = 'postgres'): ServerSettings {
  return {
    name: 'primary',
    cluster: 'main',
    declaredRole: 'primary',
    host: sandbox.primary.host,
    port: sandbox.primary.port,
    user,
    password: sandbox.superuser.password,
    maintenanceDatabase: 'postgres',
    tls: 'disable',
  }
}

describe.each(postgresVersions)('what databases share on PostgreSQL %s', version => {
  const server = serverOf(version)
  const test = needsVersion(version)
  const tenant = { name: 'postgres', cluster: 'main', database: 'postgres', appRole: null }

  async function changesOf(statements: readonly string[], user?: string) {
    const facts = createReachFacts([settingsOf(server(), user)])
    const before = await facts.readShared(tenant, never)
    for (const sql of statements) await server().query(sql)
    return compareShared(before, await facts.readShared(tenant, never))
  }

  test('names each change, and shows no setting and no password', async () => {
    await server().query('create role app login')
    await server().query('create role reader nologin')
    await server().query('create database other')
    expect(
      await changesOf([
        'alter role app nologin',
        "alter role app password 'secret'",
        "alter role app set work_mem = '9MB'",
        'grant reader to app',
        'create role late',
        "comment on role reader is 'reads'",
        "alter database other set app.token = 'secret'",
        'alter database other connection limit 5',
        "alter system set work_mem = '9MB'",
        "select pg_replication_origin_create('far')",
        'create database lockstep_shadow_0123456789ab',
        "alter database lockstep_shadow_0123456789ab set work_mem = '9MB'",
        // Of another run that goes back meanwhile.
        'create database lockstep_restore_01k2zq6j_acme',
        'alter database lockstep_restore_01k2zq6j_acme rename to lockstep_failed_01k2zq6j_acme',
      ]),
    ).toEqual({
      changes: [
        'comment on pg_authid reader: new',
        'setting work_mem in postgresql.auto.conf: new',
        'database other: datconnlimit -1 -> 5',
        'database other: setting app.token is new',
        'membership of app in reader: new',
        'replication origin far: new',
        'role app: another password',
        'role app: setting work_mem is new',
        'role app: rolcanlogin true -> false',
        'role late: new',
      ].toSorted(),
      unread: [],
    })
    await server().query('drop database lockstep_shadow_0123456789ab')
    await server().query('drop database lockstep_failed_01k2zq6j_acme')
  })

  test('is nothing where nothing changed, and says what another role may not read', async () => {
    await server().query('create role plain login')
    expect(await changesOf([], 'plain')).toEqual({
      changes: [],
      unread: ['passwords of roles', 'configuration files (pg_read_all_settings)'],
    })
  })

  test('reads the code of a database, that of extensions left out', async () => {
    await server().query(`
      create table orders (id int);
      create function tell() returns trigger language plpgsql as $$ begin notify jobs; return null; end $$;
      create trigger tell after insert on orders for each row execute function tell();
      create function "begin"() returns int language sql begin atomic select 1; end;
      create extension if not exists postgres_fdw`)
    const code = await createReachFacts([settingsOf(server())]).readCode(tenant, never)
    expect(code.routines.map(({ name, language, isTrusted }) => [name, language, isTrusted])).toEqual([
      ['tell', 'plpgsql', true],
      ['begin', 'sql', true],
    ])
    expect(code.routines.map(({ body }) => body)).toEqual([
      expect.stringContaining('notify jobs'),
      expect.stringContaining('SELECT 1'),
    ])
    expect(code.triggers).toEqual([{ table: 'public.orders', name: 'tell', routine: 'tell' }])
    expect(code.eventTriggers).toEqual([])
  })

  test('reads what statements run without naming it', async () => {
    await server().query('create database implicit')
    await server().query(
      `
      create function q(a int) returns int language sql immutable as 'select a';
      create function q(a int, b int) returns int language sql immutable as 'select a';
      create function dq(a int = q(7)) returns int language plpgsql as $$ begin return a; end $$;
      create aggregate total (int) (sfunc = q, stype = int);
      create table parts (id int not null, a int default q(1), n int generated always as (q(id)) stored,
        plain int default 3, made timestamptz default now(), x int constraint c check (q(x) > 0)) partition by range (id);
      create table parts_1 partition of parts for values from (0) to (9);
      create table keyed (id int) partition by range ((q(id)));
      create index by_q on parts_1 (q(id)) where q(a) > 1;
      create statistics stat on (q(id)), (q(a)) from parts_1;
      create view v as select id from parts;
      create view vv as select id from v;
      create materialized view full_mv as select q(1) as id;
      create materialized view empty_mv as select q(1) as id with no data;
      create table log (id int);
      create rule r as on delete to log do also select q(1);
      create policy p on log using (q(id) > 1);
      create domain d as int constraint dc check (q(value) > 0);
      create function f() returns trigger language plpgsql as 'begin return new; end';
      create trigger t before insert on log for each row when (q(new.id) > 1) execute function f();
      create operator <~> (procedure = q, leftarg = int, rightarg = int);
      create type thing as (i int);
      create function to_thing(a int) returns thing language sql as 'select row(a)::thing';
      create cast (int as thing) with function to_thing(int);
      create table owner (id int primary key);
      create table owned (id int references owner on delete cascade, other int references owner);
      create extension if not exists citext`,
      'implicit',
    )
    const code = await createReachFacts([settingsOf(server())]).readCode(
      { ...tenant, database: 'implicit' },
      never,
    )
    const seen = code.implicit.map(({ table, when, by }) => `${when} ${table}: ${by}`)
    expect(seen.toSorted()).toEqual(
      [
        'write public.parts: the default of a of public.parts',
        'write public.parts_1: the default of a of public.parts_1',
        'build public.parts: the expression of n of public.parts',
        'build public.parts_1: the expression of n of public.parts_1',
        'build public.parts: the constraint c of public.parts',
        'build public.parts_1: the constraint c of public.parts_1',
        'build public.keyed: the partition key of public.keyed',
        'build public.by_q: the index public.by_q of public.parts_1',
        'build public.parts_1: the index public.by_q of public.parts_1',
        'build public.parts_1: the statistics stat of public.parts_1',
        'read public.v: the query of public.v',
        'read public.vv: the query of public.vv',
        'build public.full_mv: the query of public.full_mv',
        'copy public.full_mv: the query of public.full_mv',
        'build public.empty_mv: the query of public.empty_mv',
        'write public.log: the rule r of public.log',
        'read public.log: the policy p of public.log',
        'build null: the constraint dc of the domain public.d',
        'write public.log: the condition of the trigger t of public.log',
        'build null: the operator <~>',
        'build null: the cast of integer to public.thing',
      ].toSorted(),
    )
    for (const { body } of code.implicit) expect(body).toMatch(/q|to_thing|public\./)
    expect(code.routines.find(({ name }) => name === 'total')?.body).toContain('q()')
    expect(code.routines.find(({ name }) => name === 'dq')?.body).toContain('public.q(7)')
    expect(code.followers).toHaveLength(4)
    expect(code.followers).toEqual(
      expect.arrayContaining([
        { table: 'public.parts_1', follows: 'public.parts' },
        { table: 'public.parts', follows: 'public.v' },
        { table: 'public.v', follows: 'public.vv' },
        { table: 'public.owned', follows: 'public.owner' },
      ]),
    )
    expect(code.extensions).toContain('citext')
  })
})
