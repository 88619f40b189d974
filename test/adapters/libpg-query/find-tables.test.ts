import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'

const parser = createSqlParser()

describe('tables of a statement', () => {
  it.each<[string, readonly string[]]>([
    ['create table a (x int)', ['public.a']],
    ['create table s.a (x int references s.b, foreign key (x) references c)', ['s.a', 's.b', 'public.c']],
    ['create table a (like b including all)', ['public.a', 'public.b']],
    ['create table p partition of parent for values in (1)', ['public.p', 'public.parent']],
    ['create table a as select * from b', ['public.a', 'public.b']],
    ['create schema s create table s.t (x int)', ['s.t']],
    ['alter table a add constraint f foreign key (x) references s.b (id)', ['public.a', 's.b']],
    ['alter table a attach partition b for values in (1)', ['public.a', 'public.b']],
    ['alter table if exists a rename to b', ['public.a']],
    ['alter table a rename column x to y', ['public.a']],
    ['alter table a set schema s', ['public.a']],
    ['create index i on s.a (x)', ['s.a']],
    ['create index concurrently i on only a (x)', ['public.a']],
    ['drop index s.i', ['s.i']],
    ['alter index i rename to j', ['public.i']],
    ['reindex table a', ['public.a']],
    ['drop table a, s.b', ['public.a', 's.b']],
    ['drop view v', ['public.v']],
    ['drop trigger t on s.a', ['s.a']],
    ['drop policy p on a', ['public.a']],
    ['drop rule r on a', ['public.a']],
    ['drop type t', []],
    ['drop schema s', []],
    ['truncate a, b', ['public.a', 'public.b']],
    ['lock table a, b', ['public.a', 'public.b']],
    ['comment on table s.a is null', ['s.a']],
    ['comment on column s.a.x is null', ['s.a']],
    ['comment on constraint c on a is null', ['public.a']],
    ['comment on schema s is null', []],
    ['create trigger t after insert on a execute function f()', ['public.a']],
    ['create policy p on a using (exists (select 1 from b))', ['public.a', 'public.b']],
    ['create sequence q owned by s.a.x', ['s.a']],
    ['create sequence q', []],
    ['create type pair as (x int, y int)', []],
    ['create view v as select * from a join b using (x)', ['public.v', 'public.a', 'public.b']],
    ['refresh materialized view v', ['public.v']],
    ['grant select on a to public', ['public.a']],
    ['copy a from stdin', ['public.a']],
    ['vacuum a', ['public.a']],
    ['create statistics s on x, y from a', ['public.a']],
    ['create publication p for table a, b', ['public.a', 'public.b']],
    ['insert into a select * from b', ['public.a', 'public.b']],
    ['update only a set x = b.x from b where exists (select 1 from c)', ['public.a', 'public.b', 'public.c']],
    ['delete from a using b', ['public.a', 'public.b']],
    ['merge into a using b on a.x = b.x when matched then delete', ['public.a', 'public.b']],
    ['explain analyze select * from a', ['public.a']],
    ['select 1', []],
  ])('%s', async (sql, tables) => {
    const [facts] = await parser.describe(sql)
    expect([...(facts?.tables ?? [])].sort()).toEqual([...tables].sort())
  })

  it('leaves out the names of with-queries, in every part that can see them', async () => {
    const [facts] = await parser.describe(
      `with recursive c as (select * from a union all select * from c), d as (select * from c)
       select * from d join c on true, (with e as (select 1 from b) select * from e) q`,
    )
    expect([...(facts?.tables ?? [])].sort()).toEqual(['public.a', 'public.b'])
  })

  it('keeps a table that is written to under the name of a with-query, and one outside its reach', async () => {
    const [written] = await parser.describe('with c as (select 1) insert into c select * from c')
    expect(written?.tables).toEqual(['public.c'])
    const [outside] = await parser.describe('select * from (with e as (select 1) select * from e) q, e')
    expect(outside?.tables).toEqual(['public.e'])
    const [qualified] = await parser.describe('with c as (select 1) select * from s.c')
    expect(qualified?.tables).toEqual(['s.c'])
  })

  it('quotes what the server would quote: capitals, keywords, dots, quotes and letters beyond ASCII', async () => {
    const [facts] = await parser.describe(
      'lock table "Order", "order", s."a.b", "say ""hi""", größe, "name", a$b, Plain',
    )
    expect(facts?.tables).toEqual([
      'public."Order"',
      'public."order"',
      's."a.b"',
      'public."say ""hi"""',
      'public."größe"',
      'public.name',
      'public."a$b"',
      'public.plain',
    ])
  })

  it('finds the tables of a condition with a thousand parts', async () => {
    const parts = Array.from({ length: 1000 }, (_, index) => `exists (select 1 from t${index})`)
    const [facts] = await parser.describe(`select ${parts.join(' or ')}`)
    expect(facts?.tables).toHaveLength(1000)
  })
})
