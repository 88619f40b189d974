import { describe, expect, it } from 'vitest'
import { item } from '../catalog-items.ts'
import { stepOf } from '../lint/lint-fixture.ts'
import { makeStep } from '../sample-plans.ts'
import { brief, searchSql, searchSteps, shop } from './conflict-fixture.ts'

/** Without one of its objects, and what is named after it. */
const without = (ident: string) =>
  shop.filter(one => one.ident !== ident && !one.ident.startsWith(`${ident}.`))

describe('a statement that needs what is not there', () => {
  it.each([
    [
      'alter table gone add column x int',
      'error missing_object: the statement alters table public.gone, which is not there',
    ],
    [
      'alter table orders drop column gone',
      'error missing_object: the statement drops column public.orders.gone, which is not there',
    ],
    [
      'alter table orders alter column gone set not null',
      'error missing_object: the statement alters column public.orders.gone, which is not there',
    ],
    [
      'alter table orders alter column gone type bigint',
      'error missing_object: the statement alters column public.orders.gone, which is not there',
    ],
    [
      'alter table orders drop constraint gone',
      'error missing_object: the statement drops constraint public.orders.gone, which is not there',
    ],
    [
      'alter table orders validate constraint gone',
      'error missing_object: the statement alters constraint public.orders.gone, which is not there',
    ],
    [
      'alter table orders add foreign key (total) references gone (id)',
      'error missing_object: the statement refers to table public.gone, which is not there',
    ],
    [
      'alter table orders add foreign key (total) references customers (gone)',
      'error missing_object: the statement refers to column public.customers.gone, which is not there',
    ],
    [
      'create index i on orders (gone)',
      'error missing_object: the statement indexes column public.orders.gone, which is not there',
    ],
    ['drop index gone', 'error missing_object: the statement drops index public.gone, which is not there'],
    ['drop view gone', 'error missing_object: the statement drops view public.gone, which is not there'],
    [
      'drop trigger gone on orders',
      'error missing_object: the statement drops trigger public.orders.gone, which is not there',
    ],
    ['drop type gone', 'error missing_object: the statement drops type public.gone, which is not there'],
    ['drop schema gone', 'error missing_object: the statement drops schema gone, which is not there'],
    [
      "alter type gone add value 'x'",
      'error missing_object: the statement alters type public.gone, which is not there',
    ],
    [
      "alter type mood rename value 'gone' to 'x'",
      "error missing_object: the statement renames enum value public.mood 'gone', which is not there",
    ],
    [
      "alter type mood add value 'x' after 'gone'",
      "error missing_object: the statement places a value beside enum value public.mood 'gone', which is not there",
    ],
    [
      'alter table orders rename column gone to x',
      'error missing_object: the statement renames column public.orders.gone, which is not there',
    ],
    [
      'alter table gone rename to x',
      'error missing_object: the statement renames table public.gone, which is not there',
    ],
    [
      'insert into gone values (1)',
      'error missing_object: the statement uses table public.gone, which is not there',
    ],
    [
      'create view v as select * from gone',
      'error missing_object: the statement uses table public.gone, which is not there',
    ],
    [
      'create policy p on gone using (true)',
      'error missing_object: the statement puts a policy on table public.gone, which is not there',
    ],
    [
      'create trigger t before update of gone on orders for each row execute function f()',
      'error missing_object: the statement puts a trigger on column public.orders.gone, which is not there',
    ],
    [
      'create table p partition of gone for values in (1)',
      'error missing_object: the statement is made from table public.gone, which is not there',
    ],
    [
      'alter table "Orders" add column x int',
      'error missing_object: the statement alters table public."Orders", which is not there',
    ],
  ])('%s', async (sql, expected) => {
    expect((await searchSql(sql)).map(brief)).toEqual([expected])
  })

  it('names only the tenants that lack it', async () => {
    const found = await searchSql('alter table orders alter column note set not null', {
      holds: { birch: without('public.orders.note') },
    })
    expect(found.map(brief)).toEqual([
      'error missing_object: the statement alters column public.orders.note, which is not there [birch]',
    ])
    expect(found[0]).toMatchObject({
      source: 'conflict',
      revision: '0002',
      statement: 0,
      place: { file: 'migrations/0002.sql', line: 1 },
      objects: ['public.orders.note'],
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('is told once, however often it is needed, and keeps its fingerprint when lines move', async () => {
    const sql =
      'alter table gone add column x int;\nalter table gone add column y int;\ninsert into gone values (1)'
    const [first, ...rest] = await searchSql(sql)
    expect(rest).toEqual([])
    const [moved] = await searchSql(`\n\n\n${sql}`)
    expect(moved?.place?.line).toBe(4)
    expect(moved?.fingerprint).toBe(first?.fingerprint)
  })
})

describe('no alarm', () => {
  it.each([
    'alter table if exists gone add column x int, drop column y',
    'alter table orders drop column if exists gone',
    'alter table orders drop constraint if exists gone',
    'drop table if exists gone',
    'drop index if exists gone',
    'create table if not exists orders (id integer, note varchar(20), total int)',
    'create or replace view order_totals as select 1 as total',
    'alter table orders add column if not exists total integer',
    'create index if not exists orders_total_idx on orders (total)',
    "alter type mood add value if not exists 'ok'",
    'create temp table orders (x int); alter table orders add column y int; drop table orders',
    'create table a (id serial primary key, x int unique); drop index a_x_key; alter table a drop constraint a_pkey; drop sequence a_id_seq',
    'create table a (id int references a, b int); alter table a alter column b set not null; create index on a (b)',
    'alter table orders rename to sales; alter table sales alter column note drop not null; drop table sales',
    'alter table orders rename column note to remark; alter table orders alter column remark type text; create table orders2 ()',
    'create table a (like orders); alter table a drop column note',
    'create table a as select 1 as x; alter table a alter column x set not null',
    'create schema s; create table s.a (id int); create index i on s.a (id); drop table s.a; drop schema s',
    'with q as (select 1) select * from q; with q as (select 1) insert into orders select * from q',
    'select * from pg_class; select * from information_schema.tables; analyze pg_class',
    "insert into alembic_version values ('1'); update alembic_version set version_num = '2'",
    'drop view order_totals; alter table orders alter column total type bigint; create view order_totals as select total from orders',
    'create function f() returns trigger language plpgsql as $$begin return new; end$$; create trigger g before insert on orders for each row execute function f()',
    "comment on table orders is 'x'; grant select on orders to public; vacuum orders",
    "do $$begin execute 'create table later (x int)'; end$$; select 1",
    'alter table orders drop constraint orders_pkey; alter table orders add constraint orders_pkey primary key (id)',
    "create type colour as enum ('red'); alter type colour add value 'blue'; create table c (x colour default 'blue')",
  ])('%s', async sql => {
    expect((await searchSql(sql)).map(brief)).toEqual([])
  })

  it('is raised where a search path or an extension could hold it', async () => {
    const elsewhere = [...shop, item('schema', 'app'), item('table', 'app.gone', 'kind=r')]
    const holds = { acorn: elsewhere, birch: elsewhere, cedar: elsewhere }
    expect(await searchSql('alter table gone add column x int', { holds })).toEqual([])
    const extended = [...shop, item('extension', 'postgis')]
    const more = { acorn: extended, birch: extended, cedar: extended }
    expect(await searchSql('alter table spatial_ref_sys add column x int', { holds: more })).toEqual([])
    expect(await searchSql('create table orders (x int)', { defaultSchema: 'app' })).toEqual([])
  })

  it('is certain after what nobody can tell beforehand: it only warns', async () => {
    for (const before of [
      'do $$begin null; end$$;',
      'call fill();',
      'set search_path = app;',
      'create extension hstore;',
      "select set_config('search_path', 'app', true);",
      '\\i other.sql\n',
    ]) {
      const found = await searchSql(`${before} alter table gone add column x int`)
      expect(
        found.map(({ severity, rule }) => [severity, rule]),
        before,
      ).toEqual([['warning', 'missing_object']])
    }
  })

  it('is certain after a revision that cannot be shown', async () => {
    const hidden = makeStep('0002', { statements: [], unrendered: 'it reads the database' })
    const found = await searchSteps([hidden, await stepOf('0003', 'drop table gone')])
    expect(found.map(({ severity, revision }) => [severity, revision])).toEqual([['warning', '0003']])
  })
})
