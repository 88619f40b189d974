import { describe, expect, test } from 'vitest'
import { createSqlParser } from '../../electron/adapters/libpg-query/create-sql-parser.ts'
import { findReach } from '../../electron/sql/find-reach.ts'
import { makesSql, scanBody, startsReadably } from '../../electron/sql/scan-body.ts'

const parser = createSqlParser()

async function scopeOf(sql: string): Promise<string | null> {
  const [statement] = await parser.parse(sql)
  if (!statement || statement.problem) throw new Error(`${sql}: ${statement?.problem?.message}`)
  return findReach(statement.type, statement.node)?.scope ?? null
}

const server = [
  'create role a',
  'create user a',
  'create group a',
  'alter group a add user b',
  'alter role a nologin',
  'alter role a rename to b',
  "alter role a set work_mem = '1MB'",
  "alter role all set work_mem = '1MB'",
  'alter user a in database b reset all',
  'grant a to b',
  'revoke a from b',
  'drop role a',
  "comment on role a is 'x'",
  "comment on database a is 'x'",
  "comment on tablespace a is 'x'",
  "security label on role a is 'x'",
  "alter database a set work_mem = '1'",
  'alter database a reset all',
  'alter database a rename to b',
  'alter database a owner to b',
  'alter database a connection limit 3',
  'alter database a refresh collation version',
  'alter database a set tablespace x',
  'create database a',
  'drop database a',
  'grant connect on database a to b',
  'grant set on parameter work_mem to b',
  'grant create on tablespace x to b',
  'reassign owned by a to b',
  'drop owned by a',
  "alter system set work_mem = '1'",
  "create tablespace x location '/x'",
  'drop tablespace x',
  'alter tablespace x set (random_page_cost = 1)',
  'alter tablespace x rename to y',
  'alter table all in tablespace x set tablespace y',
  "create subscription s connection 'x=y' publication p with (connect = false)",
  'alter subscription s disable',
  'alter subscription s owner to x',
  "load 'x'",
  'select pg_reload_conf()',
  "select pg_create_logical_replication_slot('a', 'b')",
  "select pg_replication_origin_create('a')",
  'select pg_terminate_backend(pid) from pg_stat_activity',
]

const outside = [
  "create subscription s connection 'x=y' publication p",
  'alter subscription s enable',
  'alter subscription s refresh publication',
  'drop subscription s',
  "copy t to program 'x'",
  "copy t from program 'x'",
  "copy t to '/x'",
  'import foreign schema a from server b into c',
  "select dblink_exec('a', 'b')",
  "select * from dblink('a', 'b') as t (i int)",
  "insert into t select * from public.dblink('a', 'b') as t (i int)",
  "select pg_catalog.lo_export(1, 'x')",
]

const home = [
  'copy t from stdin',
  'copy t to stdout',
  'alter table t owner to b',
  'grant select on t to b',
  'revoke all on all tables in schema public from public',
  'alter default privileges grant select on tables to a',
  'create user mapping for a server b',
  "alter server s options (set host 'x')",
  "create function f() returns text language sql as 'select dblink_exec(1)'",
  'alter table t set tablespace x',
  "comment on table t is 'x'",
  "select pg_notify('a', 'b')",
  'create view v as select pg_reload_conf()',
]

describe('what a statement does beyond its database', () => {
  test.each(server)('sees that it changes what the server shares: %s', async sql => {
    expect(await scopeOf(sql)).toBe('server')
  })
  test.each(outside)('sees that it leaves the server: %s', async sql => {
    expect(await scopeOf(sql)).toBe('outside')
  })
  test.each(home)('is nothing for what stays in the database: %s', async sql => {
    expect(await scopeOf(sql)).toBeNull()
  })
})

describe('the words of a body', () => {
  test.each([
    ["begin execute 'create role ' || quote_ident(who); end", 'server'],
    ['begin alter   user app nologin; end', 'server'],
    ['begin grant reporting to app; end', 'server'],
    ['begin alter system set work_mem = 1; end', 'server'],
    ["begin execute format('comment on role %I is %L', a, b); end", 'server'],
    ["begin perform dblink_exec('dbname=x', 'drop table y'); end", 'outside'],
    ["begin copy t to program 'x'; end", 'outside'],
    ['begin perform pg_reload_conf(); end', 'server'],
    [`begin perform "dblink_exec"('a', 'b'); end`, 'outside'],
    [`begin perform * from "public"."dblink" ('a', 'b') as t(a int); end`, 'outside'],
    ["begin perform (dblink_fetch('a', 1)).*; end", 'outside'],
    ["begin perform dblink_exec /* x */ ('a', 'b'); end", 'outside'],
    ["begin perform dblink_exec -- x\n ('a', 'b'); end", 'outside'],
    ["begin execute 'select dbl' || 'ink_exec(1)'; end", 'outside'],
    ["begin perform pg_logical_emit_message(false, 'a', 'b'); end", 'server'],
    ['begin perform pg_log_backend_memory_contexts(1); end', 'server'],
    ["begin perform pg_read_file('x'), pg_stat_file('x'), set_config('a', 'b', true); end", null],
    ['begin grant select on t to app; end', null],
    ['begin create user mapping for a server b; end', null],
    ['begin insert into roles values (1); end', null],
    ["begin update databases set name = 'role to user from'; end", null],
  ])('%s', (body, scope) => {
    expect(scanBody(body).reach?.scope ?? null).toBe(scope)
  })

  test.each([
    ["begin perform pg_notify('a', 'b'); end", 'notifies'],
    ['begin notify api; end', 'notifies'],
    ['begin create temp table k as select 1; end', 'uses temporary objects'],
    ['begin return new; end', null],
  ])('tell what cannot be prepared: %s', (body, obstacle) => {
    expect(scanBody(body).obstacle).toBe(obstacle)
  })

  test('tell whether SQL is made that is not written out', () => {
    expect(makesSql('begin execute command; end')).toBe(true)
    expect(makesSql("begin execute convert_from(x, 'utf8'); end")).toBe(true)
    expect(makesSql("begin execute format('alter table %I add note text', t); end")).toBe(false)
    expect(makesSql("begin execute 'drop table ' || t; end")).toBe(false)
    expect(makesSql('begin grant execute on function f() to a; end')).toBe(false)
    expect(makesSql('create trigger t after insert on x execute function f()')).toBe(false)
    expect(makesSql("begin execute 'select public.' || name || '()'; end")).toBe(true)
    expect(makesSql("begin execute format('select %I()', name); end")).toBe(true)
    expect(makesSql("begin execute format('select %I from %I', a, b); end")).toBe(false)
    expect(makesSql("begin execute 'insert into t (a) values (' || v || ')'; end")).toBe(false)
    expect(makesSql(String.raw`begin execute e'select \x64blink_exec(1)'; end`)).toBe(true)
    expect(makesSql(String.raw`begin perform U&"\0064blink_exec"(1); end`)).toBe(true)
    expect(startsReadably("'%s ' || a")).toBe(false)
    expect(startsReadably("format('%s %I', verb, name)")).toBe(false)
    expect(startsReadably("format('grant select on %I to app', t)")).toBe(true)
  })
})
