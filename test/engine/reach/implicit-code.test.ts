import { describe, expect, test } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'
import type { DatabaseCode, ImplicitCode } from '../../../electron/engine/ports/reach-facts.ts'
import { describeReach, examineCopying, examineSteps } from '../../../electron/engine/reach/examine-steps.ts'
import { step } from '../gates/fake-context.ts'

const parser = createSqlParser()

const sql = (name: string, body: string) => ({ name, language: 'sql', isTrusted: true, body })
const implicit = (
  table: string | null,
  when: ImplicitCode['when'],
  body: string,
  by = 'something',
): ImplicitCode => ({ table, when, by, body })

const code: DatabaseCode = {
  routines: [
    sql('next_gid', "select id from dblink('dbname=central', 'select 1') t(id bigint)"),
    sql('q_audit', "select dblink_exec('dbname=central', 'insert into audit values (1)')"),
    sql('harmless', 'select 1'),
    sql('reads_view', 'select id from v_gid'),
    sql('adds_thing', "insert into things (name) values ('x')"),
    { name: 'ts_sync', language: 'plpgsql', isTrusted: true, body: 'begin perform q_audit(1); end' },
  ],
  triggers: [
    { table: 'public.kid', name: 'tell', routine: 'q_audit' },
    { table: 'app.orders', name: 'tell', routine: 'q_audit' },
  ],
  eventTriggers: [],
  foreignTables: [],
  implicit: [
    implicit('public.things', 'write', 'public.next_gid()', 'the default of id of public.things'),
    implicit('public.v_gid', 'read', ' SELECT id FROM dblink(1)', 'the query of public.v_gid'),
    implicit('public.over', 'read', ' SELECT id FROM public.v_gid', 'the query of public.over'),
    implicit('public.t2', 'write', "CREATE RULE r AS ON INSERT TO t2 DO ALSO SELECT q_audit('x')"),
    implicit('public.checked', 'build', '(public.harmless() = public.q_audit(1))'),
    implicit(
      'public.secret',
      'read',
      '(EXISTS (SELECT 1 FROM public.over))',
      'the policy p of public.secret',
    ),
    implicit('public.plain', 'write', "nextval('s'::regclass)"),
  ],
  followers: [
    { table: 'public.kid', follows: 'public.parent' },
    { table: 'public.things', follows: 'public.front' },
  ],
  extensions: ['plpgsql'],
}

async function reachOf(statements: readonly string[], known = code, unrendered = '') {
  const planned = step('0002', {
    statements: statements.map(text => ({ sql: text, tables: [] })),
    unrendered,
  })
  const { farthest, obstacles } = await examineSteps([planned], known, parser)
  return { scope: farthest?.reach.scope ?? null, said: farthest ? describeReach(farthest) : '', obstacles }
}

describe('what a statement runs without naming it', () => {
  test.each([
    ['a default', "insert into things (name) values ('one')"],
    ['a default behind a view that can be written', "insert into front (name) values ('one')"],
    [
      'a default where the write is part of a query',
      'with w as (insert into things values (1) returning id) select * from w',
    ],
    ['a default in a copy', 'copy things from stdin'],
    [
      'a default of a merge',
      'merge into things t using plain p on true when not matched then insert default values',
    ],
    ['a view', 'create table n as select id from v_gid'],
    ['a view over a view', 'select * from over'],
    ['a view of a materialized view', 'create materialized view mm as select id from over'],
    ['a view in a declared cursor', 'declare c cursor for select * from over'],
    ['a view that is read as XML', "select query_to_xml('select * from over', true, true, '')"],
    ['a rule', 'insert into t2 values (1)'],
    ['a constraint', 'update checked set a = 1'],
    ['a constraint when the table is built anew', 'alter table checked alter column a type bigint'],
    ['a policy', 'select * from secret'],
    ['a trigger that a foreign key reaches', 'delete from parent'],
    ['a trigger of a table that the search path may mean', 'update orders set a = 1'],
    ['a function over a view', 'select reads_view()'],
    ['a function over a default', 'select adds_thing()'],
    ['a function called like one of the server', 'select ts_sync()'],
    ['a function as a column', 'select p.q_audit from plain p'],
    ['a block', "do $$ begin insert into things (name) values ('x'); end $$"],
    ['SQL that a block makes', "do $$ begin execute 'insert into things ' || 'default values'; end $$"],
    ['a truncated table', 'truncate kid'],
    ['all tables', 'reindex schema public'],
  ])('is followed: %s', async (_what, statement) => {
    expect(await reachOf([statement])).toMatchObject({ scope: 'outside' })
  })

  test('is said in words', async () => {
    expect((await reachOf(['insert into things values (default)'])).said).toBe(
      'insert into things values (default) (revision 0002) reaches beyond the database: it runs the default of id of public.things, which calls dblink(), which opens a session on another database',
    )
  })

  test.each([
    ['reading a table with such a default', 'select * from things'],
    ['a key that points to it', 'create table more (id int references things (id))'],
    ['another table of that name', 'update archive.orders set a = 1'],
    ['a harmless default', 'insert into plain values (default)'],
    ['a comment', "comment on table things is 'x'"],
    ['an insert into the parent of a key', 'insert into parent_of_none values (1)'],
    ['dropping a view', 'drop view over'],
    ['a materialized view that is read', 'select * from plain'],
    ['a definition', 'create view other as select * from over'],
    ['a qualified function of the server', 'select pg_catalog.ts_sync()'],
  ])('is not seen where nothing runs: %s', async (_what, statement) => {
    expect(await reachOf([statement])).toEqual({ scope: null, said: '', obstacles: [] })
  })

  test.each([
    ['view', 'create view w as select next_gid()', 'select * from w'],
    ['view that can be written', 'create view w as select name from things', "insert into w values ('x')"],
    ['rule', 'create rule r as on insert to plain do also select q_audit(1)', 'insert into plain values (1)'],
    ['domain', 'create domain d as int check (q_audit(value) is not null)', 'select 1::d'],
    ['policy', 'create policy p on plain using (q_audit(1) is not null)', 'select * from plain'],
    [
      'trigger',
      'create trigger t after insert on plain for each row execute function q_audit()',
      'insert into plain values (1)',
    ],
    [
      'operator',
      'create operator <~> (procedure = q_audit, leftarg = int, rightarg = int)',
      'select 1 <~> 2',
    ],
    ['aggregate', 'create aggregate total_of (int) (sfunc = q_audit, stype = int)', 'select total_of(1)'],
    ['cast', 'create cast (text as thing) with function q_audit(text)', "select 'x'::thing"],
    ['prepared statement', 'prepare p as select q_audit(1)', 'execute p'],
    [
      'table made like another',
      'create table t3 (like things including all)',
      'insert into t3 values (default)',
    ],
    ['child of another', 'create table t3 () inherits (things)', 'insert into t3 values (default)'],
    ['new name of a table', 'alter table things rename to stuff', 'insert into stuff values (default)'],
    [
      'new schema of a table',
      'alter table things set schema other',
      'insert into other.things values (default)',
    ],
    ['new name of a function', 'alter function q_audit(int) rename to plain_name', 'select plain_name(1)'],
    ['schema with a view', 'create schema s create view w as select next_gid()', 'select * from s.w'],
    [
      'materialized view',
      'create materialized view w as select next_gid() with no data',
      'refresh materialized view w',
    ],
  ])('is learnt on the way: a %s', async (_what, defined, used) => {
    expect(await reachOf([defined, used])).toMatchObject({ scope: 'outside' })
    expect(await reachOf([used], { ...code, implicit: [] })).toMatchObject({ scope: null })
  })

  test('counts for what cannot be shown', async () => {
    expect(await reachOf([], code, 'it reads the database while it runs')).toMatchObject({
      scope: 'outside',
      said: expect.stringContaining('cannot be shown beforehand'),
    })
    const plain = { ...code, triggers: [], implicit: [] }
    expect(await reachOf([], plain, 'it reads the database while it runs')).toMatchObject({ scope: null })
  })

  test('names what would take unseen code to any server', async () => {
    const planned = step('0002', { statements: [{ sql: 'create extension dblink', tables: [] }] })
    expect((await examineSteps([planned], code, parser)).waysOut).toEqual(['dblink'])
    expect((await examineSteps([], { ...code, extensions: ['http', 'citext'] }, parser)).waysOut).toEqual([
      'http',
    ])
  })
})

describe('what making a copy runs', () => {
  test('is what fills a view, and with rows what belongs to them', () => {
    expect(examineCopying(code, 'schema')).toBeNull()
    expect(examineCopying(code, 'sample')).toMatchObject({ reach: { scope: 'outside' } })
    const filled = [implicit('public.mm', 'copy', 'SELECT * FROM public.over', 'the query of public.mm')]
    const found = examineCopying({ ...code, implicit: [...code.implicit, ...filled] }, 'schema')
    expect(found && describeReach(found)).toContain(
      'making a copy reaches beyond the database: it runs the query of public.mm',
    )
    expect(examineCopying({ ...code, implicit: code.implicit.slice(-1) }, 'full')).toBeNull()
  })
})

describe('what keeps a transaction from being prepared once there are rows', () => {
  const notifying: DatabaseCode = {
    ...code,
    routines: [sql('tell', "select pg_notify('a', 'b')"), sql('is_fine', 'select true')],
    triggers: ['orders', 'par1', 'child', 'kid2'].map(name => ({
      table: `public.${name}`,
      name: 'tell',
      routine: 'tell',
    })),
    implicit: [
      implicit('public.dl', 'write', 'public.tell()', 'the default of b of public.dl'),
      implicit('public.gc', 'build', 'CHECK (public.tell() IS NOT NULL)', 'a constraint of public.gc'),
      implicit('public.dom', 'write', 'CHECK (public.tell() IS NOT NULL)', 'a constraint of a domain'),
      implicit(
        'public.ruled',
        'write',
        'CREATE RULE r AS ON INSERT TO ruled DO ALSO UPDATE orders SET a = 1',
      ),
      implicit('public.calm', 'write', 'public.is_fine()'),
    ],
    followers: [
      { table: 'public.par1', follows: 'public.par' },
      { table: 'public.kid2', follows: 'public.base' },
      { table: 'public.child', follows: 'public.parent' },
      { table: 'public.orders', follows: 'public.vo' },
    ],
  }
  const hiddenOf = async (statement: string, unrendered = '') => {
    const planned = step('0002', { statements: [{ sql: statement, tables: [] }], unrendered })
    return (await examineSteps([planned], notifying, parser)).hidden
  }

  test.each([
    ['a table', 'update orders set a = 1'],
    ['a merge', 'merge into orders o using log l on l.id = o.id when matched then update set a = 1'],
    [
      'a part of a query that writes',
      'with x as (update orders set a = 1 returning id) insert into log select id from x',
    ],
    [
      'a part of a SELECT that writes',
      'with x as (update orders set a = 1 returning id) select count(*) from x',
    ],
    ['a block', 'do $$ begin update orders set a = 1; end $$'],
    ['a block that makes its SQL', "do $$ begin execute 'up' || 'date ' || 'orders set a = 1'; end $$"],
    ['a function', 'select tell()'],
    ['a partition', 'update par set a = 1'],
    ['a child', 'update base set a = 1'],
    ['a foreign key that cascades', 'delete from parent'],
    ['a view that can be written', 'update vo set a = 1'],
    ['a default', 'insert into dl (a) select id from orders'],
    ['a constraint', 'insert into gc select 1'],
    ['a domain of a column', 'insert into dom select 1'],
    ['a rule', 'insert into ruled select 1'],
  ])('is found: %s', async (_what, statement) => {
    expect(await hiddenOf(statement)).toEqual([expect.stringContaining('notifies')])
  })

  test('is found of a revision that cannot be shown', async () => {
    expect(await hiddenOf('select 1', 'reads rows')).toEqual([expect.stringContaining('cannot be shown')])
  })

  test.each([
    ['reading', 'select * from orders'],
    ['a block that reads', 'do $$ begin perform count(*) from orders; end $$'],
    ['a block that writes elsewhere', 'do $$ begin insert into log select id from orders; end $$'],
    ['another table', 'update log set a = 1'],
    ['a change of the schema', 'alter table orders add column k int'],
    ['values, which are rows of their own', 'insert into orders values (1)'],
    ['a harmless default', 'insert into calm select 1'],
  ])('is not said of %s', async (_what, statement) => {
    expect(await hiddenOf(statement)).toEqual([])
  })
})

describe('making a copy', () => {
  test.each([
    ['a materialized view over a foreign table', 'SELECT * FROM far', []],
    ['one over a view of it', 'SELECT * FROM near', [implicit('public.near', 'read', 'SELECT * FROM far')]],
  ])('reads no other server for %s', (_what, query, more) => {
    const mv = implicit('public.mv', 'copy', query, 'the query of public.mv')
    const found = examineCopying(
      { ...code, implicit: [mv, ...more], foreignTables: ['public.far'] },
      'schema',
    )
    expect(found && describeReach(found)).toContain('uses the foreign table public.far')
  })
})
