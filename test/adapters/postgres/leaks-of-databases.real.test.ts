import { beforeAll, describe, expect } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { createIsolation } from '../../../electron/adapters/postgres/isolation/isolation.ts'
import type { Isolation } from '../../../electron/engine/ports/gate-facts.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { needsVersion, serverOf } from '../../support/postgres-versions.ts'
import { expectAllFound, expectFound, findWeighty, type PlantedLeak } from './planted-leak.ts'
import { describeServer, never } from './sandbox-settings.ts'

const parser = createSqlParser()

const ash: Tenant = { name: 'ash', cluster: 'main', database: 'ash', appRole: 'ash_app' }
const birch: Tenant = { name: 'birch', cluster: 'main', database: 'birch', appRole: 'birch_app' }
const tenants = [ash, birch]

/** Each is planted alone, found, and gone after the statement that is advised. */
const leaks: readonly PlantedLeak[] = [
  {
    name: 'CONNECT for everybody',
    plant: 'grant connect on database birch to public',
    finds: /^ash_app reaches database birch: CONNECT is granted to PUBLIC$/,
    fix: /^revoke connect on database birch from public;/,
  },
  {
    name: 'CONNECT for a role that several tenants have',
    plant: 'create role readers; grant readers to ash_app; grant connect on database birch to readers',
    finds: /^ash_app reaches database birch: CONNECT is granted to readers, of which it is a member$/,
    fix: /^revoke readers from ash_app;/,
    cleanUp: 'revoke connect on database birch from readers; drop role readers',
  },
  {
    name: 'a column of a table',
    database: 'birch',
    plant: 'grant select (id) on orders to ash_app',
    finds: /^ash_app reaches column \(id\) on public\.orders of tenant birch: SELECT granted to it$/,
    fix: /^revoke all \(id\) on public\.orders from ash_app; -- in database birch/,
  },
  {
    name: 'a sequence',
    database: 'birch',
    plant: 'create sequence numbers; grant usage on sequence numbers to ash_app',
    finds: /^ash_app reaches sequence public\.numbers of tenant birch: USAGE granted to it$/,
    fix: /^revoke all on sequence public\.numbers from ash_app;/,
    cleanUp: 'drop sequence numbers',
  },
  {
    name: 'a table that it owns',
    database: 'birch',
    plant: 'create table theirs (id int); alter table theirs owner to ash_app',
    finds: /^ash_app reaches table public\.theirs of tenant birch: it owns that$/,
    fix: /^alter table public\.theirs owner to postgres;/,
    cleanUp: 'drop table theirs',
  },
  {
    name: 'tables of the future',
    database: 'birch',
    plant: 'alter default privileges in schema public grant select on tables to ash_app',
    finds:
      /^ash_app reaches new tables in schema public of database birch: default privileges of postgres give SELECT to ash_app$/,
    fix: /^alter default privileges for role postgres in schema public revoke all on tables from ash_app;/,
  },
  {
    name: 'a role that is a member of another tenant’s, and does not inherit',
    plant: 'alter role ash_app noinherit; grant birch_app to ash_app',
    finds: /^ash_app reaches tenant birch: it is a member of birch_app, the role of that tenant$/,
    fix: /^revoke birch_app from ash_app;/,
    cleanUp: 'alter role ash_app inherit',
    alone: true,
  },
  ...['bypassrls', 'createdb', 'createrole', 'replication', 'superuser'].map(attribute => ({
    name: `the attribute ${attribute}`,
    plant: `alter role ash_app ${attribute}`,
    finds: new RegExp(`^ash_app reaches every tenant: it has the attribute ${attribute.toUpperCase()}$`),
    fix: new RegExp(`^alter role ash_app no${attribute};`),
    alone: attribute === 'superuser',
  })),
  {
    name: 'a predefined role, through a group',
    plant: 'create role staff; grant pg_read_all_data to staff; grant staff to ash_app',
    finds: /^ash_app reaches every tenant: it is a member of pg_read_all_data$/,
    fix: /^revoke staff from ash_app;/,
    cleanUp: 'drop role staff',
  },
  {
    name: 'the right to see what others run',
    plant: 'grant pg_monitor to ash_app',
    finds: /^ash_app reaches every tenant: it is a member of pg_monitor$/,
    fix: /^revoke pg_monitor from ash_app;/,
  },
  {
    name: 'membership of a role with BYPASSRLS',
    plant: 'create role auditor bypassrls; grant auditor to ash_app',
    finds: /^ash_app reaches every tenant: it is a member of auditor, which has BYPASSRLS$/,
    fix: /^revoke auditor from ash_app;/,
    cleanUp: 'drop role auditor',
  },
  {
    name: 'a foreign server with a mapping for everybody',
    plant: `create extension if not exists postgres_fdw; create server elsewhere foreign data wrapper postgres_fdw options (dbname 'birch');
      create user mapping for public server elsewhere options (user 'postgres')`,
    finds:
      /^ash_app reaches other databases from within ash: foreign server elsewhere \(dbname=birch\), with a user mapping$/,
    fix: /^drop user mapping if exists for ash_app server elsewhere; drop user mapping if exists for public server elsewhere;/,
    cleanUp: 'drop extension postgres_fdw cascade',
  },
  {
    name: 'a foreign data wrapper to make servers with',
    plant:
      'create extension if not exists postgres_fdw; grant usage on foreign data wrapper postgres_fdw to ash_app',
    finds: /it may use the foreign data wrapper postgres_fdw$/,
    fix: /^revoke usage on foreign data wrapper postgres_fdw from public, ash_app;/,
    cleanUp: 'drop extension postgres_fdw cascade',
  },
  {
    name: 'dblink',
    plant: 'create extension dblink',
    finds: /^ash_app reaches other databases from within ash: it may call .*public\.dblink\(text\)/,
    fix: /^revoke execute on function public\.dblink/,
    cleanUp: 'drop extension dblink',
  },
  {
    name: 'files of the server',
    plant: 'grant execute on function pg_read_file(text) to ash_app',
    finds: /^ash_app reaches files of the server: it may call pg_read_file\(text\)$/,
    fix: /^revoke execute on function pg_read_file\(text\) from public, ash_app;/,
  },
  {
    name: 'the function of an event trigger',
    plant: `create function watch() returns event_trigger language plpgsql as $$ begin end $$; alter function watch owner to ash_app;
      create event trigger watching on ddl_command_end execute function watch()`,
    finds:
      /^ash_app reaches whoever changes a schema there: it can replace public\.watch\(\), which event trigger watching runs/,
    fix: /^alter function public\.watch\(\) owner to postgres;/,
    cleanUp: 'drop event trigger watching; drop function watch()',
  },
  {
    name: 'a subscription to another tenant',
    plant: `create subscription feed connection 'host=127.0.0.1 dbname=birch' publication all_of_it with (connect = false)`,
    finds: /^ash_app reaches database birch: subscription feed copies rows from there$/,
    fix: /^alter subscription feed disable;/,
  },
  {
    name: 'a function with a superuser’s rights that is led by the search_path',
    plant: 'create function raise() returns int security definer language sql as $$ select 1 $$',
    finds:
      /^ash_app reaches whatever role postgres can reach: function public\.raise\(\) is SECURITY DEFINER, is owned by postgres/,
    fix: /^alter function public\.raise\(\) set search_path = pg_catalog, pg_temp;/,
    cleanUp: 'drop function raise()',
  },
]

describe.each(['14', '16', '18'] as const)('databases of PostgreSQL %s', version => {
  const server = serverOf(version)
  const test = needsVersion(version)
  let isolation: Isolation

  beforeAll(async () => {
    const sandbox = server()
    for (const { database, appRole } of tenants) {
      await sandbox.query(`create role ${appRole} login`)
      await sandbox.query(`create database ${database}`)
      await sandbox.query(
        `revoke connect, temporary on database ${database} from public; grant connect on database ${database} to ${appRole}`,
      )
      await sandbox.query(
        `revoke create on schema public from public; create table orders (id int); insert into orders values (1);
         grant select, insert, update, delete on orders to ${appRole};
         create function safe() returns int security definer set search_path = pg_catalog, pg_temp language sql as 'select 1';
         alter default privileges in schema public grant select on tables to ${appRole}`,
        database,
      )
    }
    isolation = createIsolation([describeServer(sandbox, sandbox.primary)], {
      parser,
      tenantPassword: () => null,
    })
  })

  test('finds nothing where each has its own, and is refused', async () => {
    expect(await findWeighty(isolation, tenants)).toEqual([])
    expect(await isolation.probe(ash, birch, never)).toEqual({ result: 'refused', sqlstate: '42501' })
  })

  if (version === '18')
    test.each(leaks)('finds $name, and nothing after what is advised', async leak => {
      await expectFound(leak, server(), isolation, tenants)
    })
  else
    test('finds every kind of leak', async () => {
      await expectAllFound(leaks, version, server(), isolation, tenants)
    })
})
