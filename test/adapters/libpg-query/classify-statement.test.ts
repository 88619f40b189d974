import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'

const parser = createSqlParser()

async function classify(sql: string): Promise<string> {
  const [facts, ...rest] = await parser.describe(sql)
  if (!facts || rest.length > 0 || facts.problem) throw new Error(`not one statement: ${sql}`)
  if (facts.control) return 'control'
  if (!facts.transactional) return 'outside'
  return facts.preparable ? 'transactional' : 'unpreparable'
}

describe('what can run in a transaction that is prepared', () => {
  it.each([
    'create table t (id bigint generated always as identity primary key)',
    'create unlogged table t (id int)',
    'alter table t add column note text',
    'alter table t detach partition p',
    'alter table t detach partition p finalize',
    'create index i on t (x)',
    'drop index i',
    'reindex table t',
    'reindex index i',
    'reindex (concurrently off) table t',
    'cluster t using i',
    'analyze',
    'analyze t',
    'refresh materialized view v',
    'refresh materialized view concurrently v',
    "alter type mood add value 'calm'",
    "create type mood as enum ('calm')",
    'truncate t',
    "insert into t values ('drop database x; vacuum')",
    'with gone as (delete from t returning *) insert into u select * from gone',
    'create extension hstore',
    'alter database d rename to e',
    'alter database d set work_mem = 1000',
    "create function f() returns void language plpgsql as $$ begin perform pg_notify('a', 'b'); end $$",
    "create view v as select pg_notify('a', 'b')",
    'do $$ begin null; end $$',
    'lock table t',
    'set local search_path = a',
    'declare c cursor for select 1',
    "create subscription s connection 'x' publication p with (connect = false)",
    'create publication p for table t',
    'grant select on t to public',
    'alter table t validate constraint c',
    'select pg_advisory_xact_lock(1)',
  ])('lets through: %s', async sql => {
    expect(await classify(sql)).toBe('transactional')
  })
})

describe('what the server refuses in a transaction block', () => {
  it.each([
    'create index concurrently i on t (x)',
    'create unique index concurrently if not exists i on t (x)',
    'drop index concurrently i',
    'reindex index concurrently i',
    'reindex (verbose, concurrently) table t',
    'reindex table concurrently t',
    'reindex database d',
    'reindex schema s',
    'reindex system d',
    'vacuum',
    'vacuum (analyze) t',
    'cluster',
    'alter system set work_mem = 1000',
    'create database d',
    'drop database d',
    "create tablespace s location '/x'",
    'drop tablespace s',
    'alter database d set tablespace s',
    'discard all',
    'alter table t detach partition p concurrently',
    "create subscription s connection 'x' publication p",
    'drop subscription s',
    'alter subscription s refresh publication',
    'alter subscription s add publication p',
  ])('splits off: %s', async sql => {
    expect(await classify(sql)).toBe('outside')
  })
})

describe('what PREPARE TRANSACTION refuses', () => {
  it.each([
    'create temp table t (id int)',
    'create temporary table t on commit drop as select 1',
    'select 1 into temp t',
    'create temp view v as select 1',
    'create temp sequence s',
    'create table pg_temp.t (id int)',
    'insert into pg_temp.t values (1)',
    'drop table pg_temp.t',
    'listen a',
    'unlisten *',
    'notify a',
    "select pg_notify('a', 'b')",
    "update t set x = 1 where pg_catalog.pg_notify('a', 'b') is null",
    'select pg_export_snapshot()',
    'declare c cursor with hold for select 1',
  ])('names: %s', async sql => {
    expect(await classify(sql)).toBe('unpreparable')
  })
})

describe('what controls the transaction itself', () => {
  it.each([
    'begin',
    'start transaction',
    'commit',
    'end',
    'rollback',
    'abort',
    'commit and chain',
    'savepoint a',
    'release a',
    'rollback to a',
    "prepare transaction 'x'",
    "commit prepared 'x'",
    "rollback prepared 'x'",
  ])('finds: %s', async sql => {
    expect(await classify(sql)).toBe('control')
  })
})

it('says in words why a statement is held apart', async () => {
  const facts = await parser.describe(
    'create index concurrently i on t (x); notify a; rollback to a; select 1; create temp table t ()',
  )
  expect(facts.map(fact => fact.reason)).toEqual([
    'CREATE INDEX CONCURRENTLY cannot run inside a transaction block',
    'a transaction that runs NOTIFY cannot be prepared',
    'ROLLBACK TO controls the transaction itself',
    '',
    'a transaction that touches a temporary table cannot be prepared',
  ])
})
