import { beforeAll, describe, expect } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { createIsolation } from '../../../electron/adapters/postgres/isolation/isolation.ts'
import type { Isolation } from '../../../electron/engine/ports/gate-facts.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { needsVersion, serverOf } from '../../support/postgres-versions.ts'
import { expectAllFound, expectFound, findWeighty, type PlantedLeak } from './planted-leak.ts'
import { describeServer, never } from './sandbox-settings.ts'

const parser = createSqlParser()

const schemas = ['ash', 'birch', 'Cedar Wood'] as const
const tenants = schemas.map(
  (schema): Tenant => ({ name: schema, cluster: 'main', database: 'shop', schema, appRole: `${schema}_app` }),
)
const [ash, birch] = tenants as [Tenant, Tenant, Tenant]

const leaks: readonly PlantedLeak[] = [
  {
    name: 'USAGE of a schema',
    plant: 'grant usage on schema birch to ash_app',
    finds: /^ash_app reaches schema birch of tenant birch: USAGE granted to it$/,
    fix: /^revoke all on schema birch from ash_app;/,
  },
  {
    name: 'a schema that everybody may use, with a table that everybody may read',
    plant: 'grant usage on schema birch to public; grant select on birch.orders to public',
    finds: /^Cedar Wood_app reaches table birch\.orders of tenant birch: SELECT granted to PUBLIC$/,
    fix: /^revoke all on table birch\.orders from public;/,
  },
  {
    name: 'a schema of a name that needs quoting',
    plant: 'grant usage, create on schema "Cedar Wood" to ash_app',
    finds: /^ash_app reaches schema "Cedar Wood" of tenant Cedar Wood: CREATE, USAGE granted to it$/,
    fix: /^revoke all on schema "Cedar Wood" from ash_app;/,
  },
  {
    name: 'a table through a role that several tenants have',
    plant: 'create role readers; grant readers to ash_app; grant select on birch.orders to readers',
    finds:
      /^ash_app reaches table birch\.orders of tenant birch: SELECT granted to readers, of which it is a member$/,
    fix: /^revoke all on table birch\.orders from readers;/,
    cleanUp: 'drop role readers',
  },
  {
    name: 'a column',
    plant: 'grant update (note) on birch.orders to ash_app',
    finds: /^ash_app reaches column \(note\) on birch\.orders of tenant birch: UPDATE granted to it$/,
    fix: /^revoke all \(note\) on birch\.orders from ash_app;/,
  },
  {
    name: 'a sequence',
    plant: 'grant usage on sequence birch.orders_id_seq to ash_app',
    finds: /^ash_app reaches sequence birch\.orders_id_seq of tenant birch: USAGE granted to it$/,
    fix: /^revoke all on sequence birch\.orders_id_seq from ash_app;/,
  },
  {
    name: 'a function',
    plant: 'grant execute on function birch.total() to ash_app',
    finds: /^ash_app reaches function birch\.total\(\) of tenant birch: EXECUTE granted to it$/,
    fix: /^revoke all on function birch\.total\(\) from ash_app;/,
  },
  {
    name: 'tables of the future, for one role',
    plant: 'alter default privileges in schema birch grant select on tables to ash_app',
    finds:
      /^ash_app reaches new tables in schema birch of database shop: default privileges of postgres give SELECT to ash_app$/,
    fix: /^alter default privileges for role postgres in schema birch revoke all on tables from ash_app;/,
  },
  {
    name: 'tables of the future, for everybody',
    plant: 'alter default privileges in schema birch grant select on tables to public',
    finds:
      /^ash_app reaches new tables in schema birch of database shop: default privileges of postgres give SELECT to public$/,
    fix: /^alter default privileges for role postgres in schema birch revoke all on tables from public;/,
  },
  {
    name: 'the right to make objects in public',
    plant: 'grant create on schema public to ash_app',
    finds:
      /^ash_app reaches schema public, where sessions of other tenants look for names: CREATE granted to it$/,
    fix: /^revoke create on schema public from ash_app;/,
  },
  {
    name: 'a foreign key into another schema',
    plant:
      'alter table ash.orders add constraint far foreign key (id) references birch.orders (id) not valid',
    finds:
      /^ash_app reaches table birch\.orders of tenant birch: constraint ash\.orders\.far is built on it$/,
    fix: /^alter table ash\.orders drop constraint far;/,
  },
  {
    name: 'a view on another schema',
    plant: 'create view ash.theirs as select * from birch.orders',
    finds: /^ash_app reaches table birch\.orders of tenant birch: view ash\.theirs is built on it$/,
    fix: /^drop view ash\.theirs;/,
  },
  {
    name: 'a materialized view on another schema',
    plant: 'create materialized view ash.kept as select * from birch.orders',
    finds:
      /^ash_app reaches table birch\.orders of tenant birch: materialized view ash\.kept is built on it$/,
    fix: /^drop materialized view ash\.kept;/,
  },
  {
    name: 'a default that takes another’s numbers',
    plant: `alter table ash.orders alter column note set default nextval('birch.orders_id_seq')::text`,
    finds:
      /^ash_app reaches sequence birch\.orders_id_seq of tenant birch: default ash\.orders\.note is built on it$/,
    fix: /^alter table ash\.orders alter column note drop default;/,
  },
  {
    name: 'a trigger with another’s function',
    plant: 'create trigger tell after insert on ash.orders execute function birch.told()',
    finds:
      /^ash_app reaches function birch\.told\(\) of tenant birch: trigger ash\.orders\.tell is built on it$/,
    fix: /^drop trigger tell on ash\.orders;/,
  },
  {
    name: 'a policy that asks another’s table',
    plant: 'create policy peek on ash.orders using (id in (select id from birch.orders))',
    finds: /^ash_app reaches table birch\.orders of tenant birch: policy ash\.orders\.peek is built on it$/,
    fix: /^drop policy peek on ash\.orders;/,
  },
  {
    name: 'a part of another’s partitioned table',
    plant: `create table birch.log (id int) partition by range (id); create table ash.log_1 partition of birch.log for values from (1) to (9)`,
    finds: /^ash_app reaches table birch\.log of tenant birch: table ash\.log_1 is built on it$/,
    fix: /^alter table birch\.log detach partition ash\.log_1;/,
    cleanUp: 'drop table birch.log, ash.log_1',
  },
  {
    name: 'a table that inherits from another’s',
    plant: 'create table ash.heir () inherits (birch.orders)',
    finds: /^ash_app reaches table birch\.orders of tenant birch: table ash\.heir is built on it$/,
    fix: /^alter table ash\.heir no inherit birch\.orders;/,
    cleanUp: 'drop table ash.heir',
  },
  {
    name: 'a column of another’s type',
    plant: 'alter table ash.orders add column mood birch.mood',
    finds: /^ash_app reaches type birch\.mood of tenant birch: column ash\.orders\.mood has that type$/,
    fix: /^alter table ash\.orders drop column mood;/,
  },
  {
    name: 'a function whose parsed body reads another’s table',
    plant: 'create function ash.peek() returns bigint begin atomic select count(*) from birch.orders; end',
    finds: /^ash_app reaches table birch\.orders of tenant birch: function ash\.peek\(\) is built on it$/,
    fix: /^drop function ash\.peek\(\);/,
  },
  {
    name: 'a function whose text names another’s schema',
    plant: `create function ash.text_peek() returns bigint language plpgsql as $$ begin return (select count(*) from "Cedar Wood".orders); end $$`,
    finds: /^ash_app reaches schema of tenant Cedar Wood: function ash\.text_peek\(\) names it in its text$/,
    fix: /^drop function ash\.text_peek\(\);/,
  },
  {
    name: 'a function that puts another’s schema into its search_path',
    plant: `create function ash.path_peek() returns bigint language sql set search_path = birch as 'select count(*) from orders'`,
    finds: /^ash_app reaches schema of tenant birch: function ash\.path_peek\(\) names it in its text$/,
    fix: /^drop function ash\.path_peek\(\);/,
  },
  {
    name: 'a view in public with its owner’s rights',
    plant:
      'create view public.everything as select * from birch.orders; grant select on public.everything to ash_app',
    finds:
      /^ash_app reaches table birch\.orders of tenant birch: view public\.everything reads it with the rights of postgres$/,
    fix: /^revoke all on public\.everything from public, "ash_app";/,
    cleanUp: 'drop view public.everything',
  },
  {
    name: 'a function in public with its owner’s rights',
    plant: `create function public.sum_of_birch() returns bigint security definer set search_path = pg_catalog, pg_temp
      language sql as 'select count(*) from birch.orders'; revoke execute on function public.sum_of_birch from public;
      grant execute on function public.sum_of_birch to ash_app`,
    finds:
      /^ash_app reaches schema of tenant birch: function public\.sum_of_birch\(\) names it in its text, with the rights of postgres for its caller$/,
    fix: /^revoke execute on function public\.sum_of_birch\(\) from public, "ash_app";/,
    cleanUp: 'drop function public.sum_of_birch',
  },
  {
    name: 'a function with a superuser’s rights that is led by the search_path',
    plant: `create function ash.raise() returns int security definer language sql as 'select 1'`,
    finds: /^ash_app reaches whatever role postgres can reach: function ash\.raise\(\) is SECURITY DEFINER/,
    fix: /^alter function ash\.raise\(\) set search_path = pg_catalog, pg_temp;/,
    cleanUp: 'drop function ash.raise',
  },
  {
    name: 'a search_path that begins in another’s schema',
    plant: 'alter role ash_app in database shop set search_path = ash, "Cedar Wood"',
    finds: /^ash_app reaches schema Cedar Wood of tenant Cedar Wood: its search_path is ash, "Cedar Wood"$/,
    fix: /^alter role "ash_app" in database "shop" reset search_path;/,
  },
  {
    name: 'a way back into the database by dblink',
    plant: 'create extension dblink',
    finds: /^ash_app reaches other databases from within shop: it may call .*dblink\(text\)/,
    fix: /^revoke execute on function public\.dblink/,
    cleanUp: 'drop extension dblink',
  },
  {
    name: 'the database itself',
    plant: 'alter database shop owner to ash_app',
    finds: /^ash_app reaches the whole database: it owns database shop/,
    fix: /^alter database shop owner to postgres;/,
  },
]

describe.each(['14', '16', '18'] as const)('schemas of PostgreSQL %s', version => {
  const server = serverOf(version)
  const test = needsVersion(version)
  let isolation: Isolation

  beforeAll(async () => {
    const sandbox = server()
    await sandbox.query('create database shop')
    await sandbox.query(
      `revoke create on schema public from public; create type public.money_kind as enum ('eur');
       create table public.currencies (kind public.money_kind primary key);
       grant select on public.currencies to public;
       create function public.safe() returns int security definer set search_path = pg_catalog, pg_temp language sql as 'select 1'`,
      'shop',
    )
    for (const schema of schemas) {
      await sandbox.query(
        `create role "${schema}_app" login; create schema "${schema}" authorization "${schema}_app";
         alter role "${schema}_app" in database shop set search_path = "${schema}", public;
         set search_path = "${schema}";
         create type mood as enum ('fine');
         create table orders (id serial primary key, note text, kind public.money_kind references public.currencies);
         create view open_orders as select o.* from orders o join public.currencies c using (kind);
         create function total() returns bigint language sql as 'select count(*) from orders';
         create function told() returns trigger language plpgsql as 'begin return null; end';
         create table events (id int, at date) partition by range (at);
         create table events_1 partition of events for values from ('2026-01-01') to ('2027-01-01');
         grant select, insert, update, delete on all tables in schema "${schema}" to "${schema}_app";
         revoke execute on all functions in schema "${schema}" from public;
         alter default privileges in schema "${schema}" grant select on tables to "${schema}_app"`,
        'shop',
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

  if (version === '18') {
    test.each(leaks)('finds $name, and nothing after what is advised', async leak => {
      await expectFound(leak, server(), isolation, tenants)
    })

    test('sees by trying what can be read and written, and changes nothing', async () => {
      const sandbox = server()
      await sandbox.query('insert into birch.orders values (7)', 'shop')
      await sandbox.query('grant usage on schema birch to ash_app', 'shop')
      expect(await isolation.probe(ash, birch, never)).toEqual({
        result: 'reached',
        detail: 'can look into schema birch, where no table lets it read or write',
      })
      await sandbox.query('grant select, delete on birch.orders to ash_app', 'shop')
      expect(await isolation.probe(ash, birch, never)).toEqual({
        result: 'reached',
        detail: 'can read birch.orders, can delete from birch.orders',
      })
      expect(await sandbox.query('select count(*)::int as count from birch.orders', 'shop')).toEqual([
        { count: 1 },
      ])
    })
  } else
    test('finds every kind of leak', async () => {
      await expectAllFound(leaks, version, server(), isolation, tenants)
    })
})
