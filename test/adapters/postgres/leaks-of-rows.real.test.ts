import { beforeAll, describe, expect } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import { createIsolation } from '../../../electron/adapters/postgres/isolation/isolation.ts'
import { projectConfigSchema } from '../../../electron/config/project-config.ts'
import type { Isolation } from '../../../electron/engine/ports/gate-facts.ts'
import { sharedTablesOf } from '../../../electron/host/settings/shared-tables-of.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'
import { needsVersion, serverOf } from '../../support/postgres-versions.ts'
import { expectAllFound, expectFound, findWeighty, type PlantedLeak, sentenceOf } from './planted-leak.ts'
import { describeServer, never } from './sandbox-settings.ts'

const parser = createSqlParser()

const shop: Tenant = { name: 'shop', cluster: 'main', database: 'shop', appRole: 'app' }
const own = `tenant_id = nullif(current_setting('app.tenant', true), '')::int`
const rows = /^app reaches rows of every tenant in public\./.source
const { tenants } = projectConfigSchema.parse({
  version: 1,
  servers: [{ name: 'primary' }],
  tenants: { databases: 'shop', appRole: 'app', rls: { lookup: 'countries' } },
  migrations: {},
})
const shared = sharedTablesOf(tenants, 'lockstep_version')

const leaks: readonly PlantedLeak[] = [
  {
    name: 'a table without row-level security',
    plant: 'alter table notes disable row level security',
    finds: new RegExp(`${rows}notes: row-level security is not switched on$`),
    fix: /^alter table public\.notes enable row level security;/,
    alone: true,
  },
  {
    name: 'a table whose row-level security is not forced',
    plant: 'alter table notes no force row level security',
    finds: new RegExp(`${rows}notes: row-level security is not forced: its owner keeper sees every row`),
    fix: /^alter table public\.notes enable row level security;|^alter table public\.notes force row level security;/,
  },
  {
    name: 'a new table with neither key nor policy',
    plant: 'create table fresh (id int); grant select, insert on fresh to app',
    finds: new RegExp(`${rows}fresh: it has neither a column tenant_id nor row-level security$`),
    fix: /^alter table public\.fresh enable row level security;/,
    cleanUp: 'drop table fresh',
  },
  {
    name: 'a part that can be read by itself',
    plant: 'grant select on events_2026 to app',
    finds: new RegExp(
      `${rows}events_2026: row-level security is not switched on; that of public.events does not hold for its parts$`,
    ),
    fix: /^alter table public\.events_2026 enable row level security;/,
    cleanUp: 'revoke select on events_2026 from app; alter table events_2026 disable row level security',
  },
  {
    name: 'a second policy that lets everything be read',
    plant: 'create policy support on notes for select using (true)',
    finds: new RegExp(`${rows}notes: policy support lets every row through: USING \\(true\\)$`),
    fix: /^alter policy support on public\.notes using /,
    cleanUp: 'drop policy support on notes',
  },
  {
    name: 'a policy that lets everything be written',
    plant: `create policy put on notes for insert with check (true)`,
    finds: new RegExp(
      `${rows}notes: policy put lets rows of every tenant be written: WITH CHECK \\(true\\)$`,
    ),
    fix: /^alter policy put on public\.notes with check /,
    cleanUp: 'drop policy put on notes',
  },
  {
    name: 'an update that may move a row to somebody else',
    plant: `create policy give on notes for update using (${own}) with check (true)`,
    finds: new RegExp(
      `${rows}notes: policy give lets rows of every tenant be written: WITH CHECK \\(true\\)$`,
    ),
    fix: /^alter policy give on public\.notes with check /,
    cleanUp: 'drop policy give on notes',
  },
  {
    name: 'a delete of everything',
    plant: 'create policy sweep on notes for delete using (true)',
    finds: new RegExp(`${rows}notes: policy sweep lets every row through: USING \\(true\\)$`),
    fix: /^alter policy sweep on public\.notes using /,
    cleanUp: 'drop policy sweep on notes',
  },
  {
    name: 'a condition that knows no tenant',
    plant: 'create policy odd on notes for select using (id > 0)',
    finds: new RegExp(`${rows}notes: policy odd does not tell tenants apart: USING \\(\\(id > 0\\)\\)$`),
    fix: /^alter policy odd on public\.notes using /,
    cleanUp: 'drop policy odd on notes',
  },
  {
    name: 'a condition with a way around it',
    plant: `create policy loose on notes for select using (${own} or true)`,
    finds: new RegExp(`${rows}notes: policy loose lets every row through: USING .*OR true`),
    fix: /^alter policy loose on public\.notes using /,
    cleanUp: 'drop policy loose on notes',
  },
  {
    name: 'BYPASSRLS',
    plant: 'alter role app bypassrls',
    finds: /^app reaches every tenant: it has the attribute BYPASSRLS$/,
    fix: /^alter role app nobypassrls;/,
  },
  {
    name: 'a superuser',
    plant: 'alter role app superuser',
    finds: /^app reaches every tenant: it has the attribute SUPERUSER$/,
    fix: /^alter role app nosuperuser;/,
    alone: true,
  },
  {
    name: 'membership of a role with BYPASSRLS',
    plant: 'create role auditor bypassrls; grant auditor to app',
    finds: /^app reaches every tenant: it is a member of auditor, which has BYPASSRLS$/,
    fix: /^revoke auditor from app;/,
    cleanUp: 'drop role auditor',
  },
  {
    name: 'membership of the owner',
    plant: 'grant keeper to app',
    finds: new RegExp(`${rows}notes: it can become its owner keeper, and can switch its policies off$`),
    fix: /^revoke "keeper" from "app";/,
    alone: true,
  },
  {
    name: 'a table that it owns',
    plant: 'alter table tags owner to app; grant select on tags to app',
    finds: new RegExp(`${rows}tags: it owns it, and can switch its policies off$`),
    fix: /^alter table public\.tags owner to "postgres";/,
    cleanUp: 'alter table tags owner to keeper; grant select on tags to app',
  },
  {
    name: 'TRUNCATE, for which no policy holds',
    plant: 'grant truncate on notes to app',
    finds: new RegExp(`${rows}notes: TRUNCATE is granted, and no policy holds for that$`),
    fix: /^revoke truncate on public\.notes from public, "app";/,
  },
  {
    name: 'a lookup table that tenants may write',
    plant: 'grant insert, update on countries to app',
    finds:
      /^app reaches what every tenant reads in public\.countries: every tenant reads it, and INSERT, UPDATE is granted$/,
    fix: /^revoke insert, update on public\.countries from public, "app";/,
  },
  {
    name: 'a view with the rights of a superuser',
    plant: 'create view all_notes as select * from notes; grant select on all_notes to app',
    finds: new RegExp(
      `${rows}notes: view public.all_notes reads it with the rights of postgres, for whom no policy holds$`,
    ),
    fix: /^alter view public\.all_notes set \(security_invoker = true\);/,
    cleanUp: 'drop view all_notes',
    since: 15,
  },
  {
    name: 'a view on a view with the rights of a superuser',
    plant: `create schema inner_part; create view inner_part.deep as select * from notes;
      create view outer_notes as select * from inner_part.deep; grant select on outer_notes to app`,
    finds: new RegExp(`${rows}notes: view public.outer_notes reads it with the rights of postgres`),
    fix: /^alter view public\.outer_notes set \(security_invoker = true\); alter view inner_part\.deep set /,
    cleanUp: 'drop schema inner_part cascade',
    since: 15,
    alone: true,
  },
  {
    name: 'a materialized view',
    plant: 'create materialized view kept as select * from notes; grant select on kept to app',
    finds: new RegExp(`${rows}notes: materialized view public.kept keeps a copy of them`),
    fix: /^revoke all on public\.kept from public, "app";/,
    cleanUp: 'drop materialized view kept',
  },
  {
    name: 'a function with the rights of a superuser over the table',
    plant: `create function count_notes() returns bigint security definer set search_path = public, pg_temp
      language sql as 'select count(*) from notes'`,
    finds: new RegExp(
      `${rows}notes: function public.count_notes\\(\\) is SECURITY DEFINER and names it; no policy holds for its owner postgres$`,
    ),
    fix: /^alter function public\.count_notes\(\) security invoker;/,
    cleanUp: 'drop function count_notes',
  },
  {
    name: 'a function with a superuser’s rights that is led by the search_path',
    plant: `create function raise() returns int security definer language sql as 'select 1'`,
    finds: /^app reaches whatever role postgres can reach: function public\.raise\(\) is SECURITY DEFINER/,
    fix: /^alter function public\.raise\(\) set search_path = pg_catalog, pg_temp;/,
    cleanUp: 'drop function raise',
  },
  {
    name: 'a role that is somebody before it says so',
    plant: `alter role app set app.tenant = '1'`,
    finds:
      /^app reaches rows of tenant 1, for whichever tenant it works: app\.tenant is set to 1 before a session says anything$/,
    fix: /^alter role "app" reset app\.tenant;/,
  },
  {
    name: 'a database that makes everybody somebody',
    plant: `alter database shop set app.tenant = '2'`,
    finds: /^app reaches rows of tenant 2, for whichever tenant it works: app\.tenant is set to 2/,
    fix: /^alter database "shop" reset app\.tenant;/,
  },
  {
    name: 'a foreign table, which can have no policies',
    plant: `create extension postgres_fdw; create server here foreign data wrapper postgres_fdw options (dbname 'elsewhere');
      create foreign table far (id int, tenant_id int) server here; grant select on far to app`,
    finds: new RegExp(`${rows}far: it is a foreign table, and a foreign table can have no policies$`),
    fix: /^drop foreign table public\.far;/,
    cleanUp: 'drop extension postgres_fdw cascade',
  },
]

/** What only trying can show: conditions that read well. */
const tried: readonly {
  readonly name: string
  readonly plant: string
  readonly undo: string
  readonly finds: RegExp
}[] = [
  {
    name: 'a session that has said nothing',
    plant: `create policy idle on notes for select using (coalesce(current_setting('app.tenant', true), '') = '')`,
    undo: 'drop policy idle on notes',
    finds:
      /^app reaches rows of another tenant in public\.notes: it was tried: a session that has not set it \(app\.tenant\) sees rows$/,
  },
  {
    name: 'a condition that is always true',
    plant: `create policy odd on notes for select using (tenant_id = tenant_id)`,
    undo: 'drop policy odd on notes',
    finds:
      /^app reaches rows of another tenant in public\.notes: it was tried: tenant 1 reads rows of tenant 2$/,
  },
  {
    name: 'rows that may be written for somebody else',
    plant: `create policy put on notes for insert with check (tenant_id is not null)`,
    undo: 'drop policy put on notes',
    finds: /tried: tenant 1 writes rows of tenant 2$/,
  },
  {
    name: 'rows of others, in a table that has none yet',
    plant: 'alter policy own on tags using (tenant_id > 0)',
    undo: `alter policy own on tags using (${own})`,
    finds:
      /^app reaches rows of another tenant in public\.tags: it was tried: tenant 1 reads rows of tenant 2$/,
  },
  {
    name: 'policies that do not hold for the role at all',
    plant: 'alter role app bypassrls',
    undo: 'alter role app nobypassrls',
    finds:
      /^app reaches rows of another tenant in public\.notes: it was tried: no policy holds for it \(row_security = off is not refused\)$/,
  },
  {
    name: 'a view that shows all',
    plant: 'create view all_notes as select * from notes; grant select on all_notes to app',
    undo: 'drop view all_notes',
    finds:
      /^app reaches rows of another tenant in public\.all_notes: it was tried: tenant 1 reads rows of tenant 2$/,
  },
]

function whatIsSaid(sentence: string): string {
  return /: policy \w+ (.*?): /.exec(sentence)?.[1] ?? sentence
}

/** Policies of one table each, with what is said of them, and whether a session of tenant 1 really sees rows of tenant 2. */
const conditions: readonly {
  readonly policies: readonly string[]
  /** Parts of the sentences, one each; none where the policies are right. */
  readonly says: readonly string[]
  readonly sees: boolean
}[] = [
  { policies: [`using (${own})`], says: [], sees: false },
  { policies: ['using (false)'], says: [], sees: false },
  { policies: ['using (1 = 0)'], says: [], sees: false },
  { policies: ['using (1 = 1)'], says: ['lets every row through'], sees: true },
  { policies: ['using (1::boolean)'], says: ['lets every row through'], sees: true },
  { policies: ['using (true /* tenant_id */)'], says: ['lets every row through'], sees: true },
  { policies: [`using (words <> 'tenant_id')`], says: ['does not tell tenants apart'], sees: true },
  { policies: [`using (words <> 'current_setting(x)')`], says: ['does not tell tenants apart'], sees: true },
  { policies: ['using (char_length(words) > 0)'], says: ['does not tell tenants apart'], sees: true },
  { policies: ['using (tenant_id = tenant_id)'], says: ['does not tell tenants apart'], sees: true },
  { policies: ['using (tenant_id is not null)'], says: ['does not tell tenants apart'], sees: true },
  { policies: [`using ((${own}) or 1 = 1)`], says: ['lets every row through'], sees: true },
  { policies: [`using ((${own}) or id > 0)`], says: ['does not tell tenants apart'], sees: true },
  { policies: [`using (coalesce(true, ${own}))`], says: ['lets every row through'], sees: true },
  { policies: [`using (words <> 'x or true' and (${own}))`], says: [], sees: false },
  { policies: [`using ((${own}) or tenant_id = 0)`], says: [], sees: false },
  {
    policies: [`using (tenant_id::text = current_setting('app.tenant', true)::text)`],
    says: [],
    sees: false,
  },
  { policies: ['using (belongs(tenant_id))'], says: [], sees: false },
  { policies: ['using (tenant_id === 0)'], says: [], sees: false },
  { policies: ['using (exists (select from mine m where m.id = tenant_id))'], says: [], sees: false },
  { policies: ['using (true)', `as restrictive using (${own})`], says: [], sees: false },
  {
    policies: ['using (true)', 'as restrictive using (id > 0)'],
    says: ['lets every row through'],
    sees: true,
  },
  { policies: ['using (true)', 'as restrictive using (false)'], says: [], sees: false },
  // It narrows what is written alone: what is read passes by the other policy.
  {
    policies: ['using (true)', `as restrictive with check (${own})`],
    says: ['lets every row through'],
    sees: true,
  },
  { policies: [`using (${own})`, 'to keeper using (true)'], says: [], sees: false },
  { policies: [`using (${own})`, 'to app using (true)'], says: ['lets every row through'], sees: true },
  {
    policies: ['using (true)', `as restrictive to keeper using (${own})`],
    says: ['lets every row through'],
    sees: true,
  },
]

describe.each(['14', '16', '18'] as const)('rows of PostgreSQL %s', version => {
  const server = serverOf(version)
  const test = needsVersion(version)
  let isolation: Isolation

  beforeAll(async () => {
    const sandbox = server()
    await sandbox.query('create role app login; create role keeper')
    await sandbox.query('create database shop')
    await sandbox.query(
      `revoke create on schema public from public;
       create table countries (code text primary key); grant select on countries to app;
       create table alembic_version (version_num text); grant all on alembic_version to app;
       create table internal (id int);
       create table notes (id serial primary key, tenant_id int not null, mail text unique, parent int references notes);
       create table tags (id bigint generated always as identity primary key, tenant_id int not null, label varchar(3) not null, made timestamptz not null default now());
       create table lines (id int primary key, note int references notes, words text);
       create table events (id int, tenant_id int not null, at date not null) partition by range (at);
       create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
       insert into notes (tenant_id, mail) values (1, 'a'), (2, 'b');
       insert into lines values (1, 1, 'x'), (2, 2, 'y'); insert into events values (1, 1, '2026-05-05'), (2, 2, '2026-05-05');
       create view my_notes as select * from notes; alter view my_notes owner to keeper;
       ${version === '14' ? '' : 'alter view my_notes set (security_invoker = true);'}
       create function mine() returns bigint language sql as 'select count(*) from notes';
       create function safe() returns int security definer set search_path = pg_catalog, pg_temp language sql as 'select 1'`,
      'shop',
    )
    for (const table of ['notes', 'tags', 'lines', 'events']) {
      const condition = table === 'lines' ? 'exists (select from notes where notes.id = note)' : own
      await sandbox.query(
        `alter table ${table} enable row level security; alter table ${table} force row level security;
         alter table ${table} owner to keeper; create policy own on ${table} using (${condition}) with check (${condition});
         grant select, insert, update, delete on ${table} to app; grant select on my_notes to app`,
        'shop',
      )
    }
    // A policy that lets everything through is none where another one narrows it.
    await sandbox.query(
      `drop policy own on tags; create policy all_of_it on tags using (true);
       create policy own on tags as restrictive using (${own}); revoke delete on tags from app`,
      'shop',
    )
    isolation = createIsolation([describeServer(sandbox, sandbox.primary)], {
      parser,
      tenantPassword: () => null,
      shared,
    })
  })

  test('finds nothing where policies keep tenants apart, and tries every table', async () => {
    expect((await findWeighty(isolation, [shop])).map(sentenceOf)).toEqual([])
    expect(await isolation.listRowTenants(shop, never)).toEqual(['1', '2'])
    expect(await isolation.probeRows(shop, '1', '2', never)).toEqual({
      leaks: [],
      tried: 4,
      untried: [],
      blind: [],
    })
    expect(await isolation.probeRows(shop, '2', '1', never)).toMatchObject({ leaks: [], blind: [] })
    const sandbox = server()
    expect(await sandbox.query('select count(*)::int as count, max(id) as max from notes', 'shop')).toEqual([
      { count: 2, max: 2 },
    ])
    expect(await sandbox.query('select count(*)::int as count from tags', 'shop')).toEqual([{ count: 0 }])
    expect(await sandbox.query('select last_value::int, is_called from notes_id_seq', 'shop')).toEqual([
      { last_value: 2, is_called: true },
    ])
  })

  test('judges policies by what they mean, and is right', async () => {
    const sandbox = server()
    await sandbox.query(
      `create function belongs(int) returns boolean stable language sql as $$ select $1::text = current_setting('app.tenant', true) $$;
       create function same(int, int) returns boolean stable language sql as $$ select $1::text = current_setting('app.tenant', true) $$;
       create operator === (leftarg = int, rightarg = int, function = same);
       create function sees(name text) returns boolean language plpgsql as $$ declare found boolean; begin
         perform set_config('app.tenant', '1', true); set local role app;
         execute format('select exists (select from %I where tenant_id = 2)', name) into found;
         reset role; return found; end $$;
       create view mine as select current_setting('app.tenant', true)::int as id; grant select on mine to app`,
      'shop',
    )
    for (const [index, { policies }] of conditions.entries())
      await sandbox.query(
        `create table judged_${index} (id int, tenant_id int not null, words text);
         insert into judged_${index} values (1, 1, 'mine'), (2, 2, 'theirs');
         alter table judged_${index} enable row level security; alter table judged_${index} force row level security;
         grant select on judged_${index} to app;
         ${policies.map((policy, nr) => `create policy p${nr} on judged_${index} ${policy}`).join(';')}`,
        'shop',
      )
    const leaks = (await findWeighty(isolation, [shop])).map(sentenceOf)
    const seen = []
    for (const [index, { policies }] of conditions.entries()) {
      const [row] = await sandbox.query(`select sees('judged_${index}')`, 'shop')
      seen.push({
        policies,
        says: leaks.filter(leak => leak.includes(`public.judged_${index}:`)).map(whatIsSaid),
        sees: row?.sees,
      })
    }
    await sandbox.query(
      `drop table ${conditions.map((_, index) => `judged_${index}`).join(', ')};
       drop view mine; drop operator === (int, int); drop function same, belongs, sees`,
      'shop',
    )
    expect(seen).toEqual(conditions)
  })

  test('notes what can only be guessed', async () => {
    const notes = (await isolation.findLeaks([shop], never)).filter(leak => leak.weight === 'note')
    expect(notes.map(sentenceOf)).toEqual([
      'app reaches whether a row of another tenant exists in public.notes: foreign key notes_parent_fkey (parent) leaves tenant_id out',
      'app reaches whether a row of another tenant exists in public.notes: public.notes_mail_key is unique over (mail) without tenant_id',
    ])
  })

  test.each(tried)('finds by trying: $name', async ({ plant, undo, finds }) => {
    const sandbox = server()
    await sandbox.query(plant, 'shop')
    const probe = await isolation.probeRows(shop, '1', '2', never)
    await sandbox.query(undo, 'shop')
    expect(probe.leaks.map(sentenceOf)).toContainEqual(expect.stringMatching(finds))
  })

  test('takes no number from a sequence, whichever way a default would', async () => {
    const sandbox = server()
    await sandbox.query(
      `create sequence numbers; create function next_number() returns bigint language sql as $$ select nextval('numbers') $$;
       create table counted (id bigint primary key default next_number(), nr bigint not null default nextval('numbers'::text::regclass),
         tenant_id int not null, words text not null default 'nextval()');
       insert into counted (tenant_id) values (1), (2);
       alter table counted enable row level security; alter table counted force row level security;
       create policy own on counted using (${own}); grant select, insert, update, delete on counted to app`,
      'shop',
    )
    const [before] = await sandbox.query('select last_value from numbers', 'shop')
    const probe = await isolation.probeRows(shop, '1', '2', never)
    const [after] = await sandbox.query('select last_value from numbers', 'shop')
    await sandbox.query('drop table counted; drop function next_number; drop sequence numbers', 'shop')
    expect(after).toEqual(before)
    expect(probe).toMatchObject({ leaks: [], blind: [], tried: 5 })
  })

  test('takes policies that hide everything for no proof', async () => {
    const sandbox = server()
    await sandbox.query(
      `alter policy own on notes using (tenant_id = current_setting('other.name', true)::int)`,
      'shop',
    )
    const probe = await isolation.probeRows(shop, '1', '2', never)
    await sandbox.query(`alter policy own on notes using (${own})`, 'shop')
    expect(probe.blind).toContain('public.notes')
  })

  test('says what it takes where the login may not look as the application does', async () => {
    const sandbox = server()
    // It owns the tables, as the migrating role does, and is no member of the application's role.
    await sandbox.query('create role stranger login in role keeper', 'shop')
    const settings = describeServer(sandbox, sandbox.primary, { user: 'stranger', password: null })
    const theirs = createIsolation([settings], { parser, tenantPassword: () => null, shared })
    await expect(theirs.probeRows(shop, '1', '2', never)).rejects.toMatchObject({
      failure: {
        kind: 'usage',
        fix: expect.stringMatching(/^grant "app" to the role that Lockstep logs in as/),
      },
    })
    await sandbox.query('grant app to stranger')
    expect((await theirs.probeRows(shop, '1', '2', never)).leaks.map(sentenceOf)).toEqual([])
    await sandbox.query('drop role stranger')
  })

  if (version === '18')
    test.each(leaks)('finds $name, and nothing after what is advised', async leak => {
      await expectFound(leak, server(), isolation, [shop])
    })
  else
    test('finds every kind of leak', async () => {
      await expectAllFound(leaks, version, server(), isolation, [shop])
    })
})
