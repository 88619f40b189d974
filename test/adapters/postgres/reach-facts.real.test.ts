import { describe, expect } from 'vitest'
import { createReachFacts } from '../../../electron/adapters/postgres/reach-facts.ts'
import type { ServerSettings } from '../../../electron/adapters/postgres/server-settings.ts'
import { compareShared } from '../../../electron/engine/reach/compare-shared.ts'
import { needsVersion, postgresVersions, serverOf } from '../../support/postgres-versions.ts'
import type { TestSandbox } from '../../support/with-sandbox.ts'

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
})
