import type pg from 'pg'
import { beforeAll, describe, expect } from 'vitest'
import { createDependents } from '../../electron/adapters/postgres/catalog/dependents.ts'
import { inspectionStatements, parseInspection } from '../../electron/adapters/postgres/catalog/inspection.ts'
import { createSchemaFacts } from '../../electron/adapters/postgres/catalog/schema-facts.ts'
import { createPostgres } from '../../electron/adapters/postgres/create-postgres.ts'
import { type CatalogItem, isValid, nameOf } from '../../electron/catalog/catalog-item.ts'
import { catalogText } from '../../electron/catalog/catalog-text.ts'
import { diffCatalog } from '../../electron/catalog/diff-catalog.ts'
import { findTables, leaveOutTable } from '../../electron/engine/routes/leave-out-table.ts'
import { inspectVote } from '../../electron/engine/voting/inspect-vote.ts'
import { describeFailure } from '../../shared/failure/describe-failure.ts'
import { describeServers, describeTenant, never } from '../adapters/postgres/sandbox-settings.ts'
import { needsVersion, serverOf } from '../support/postgres-versions.ts'
import { brief, searchSql } from './conflicts/conflict-fixture.ts'
import { findingsOf } from './lint/lint-fixture.ts'
import { makeStep } from './sample-plans.ts'

/** Names, conditions and defaults that hold the very words that a definition is printed with. */
const schema = [
  `create schema "a b"`,
  `create table "a b"."valid=0" ("c.d" int, "e""f" text default 'after=1 valid=0', id int primary key)`,
  `create index "valid=0 primary" on "a b"."valid=0" ("c.d") where "e""f" <> 'valid=0'`,
  `alter table "a b"."valid=0" add constraint "not null valid=0" check ("e""f" <> ' valid=0 ')`,
  `create type mood as enum ('sa\\d', 'o,k', ' labels=''x''', 'ok')`,
  `create type moody as enum ('ok')`,
  `create type "odd ""mood""" as enum ('ok')`,
  `create table customers (id bigint primary key, feeling mood default 'ok', odd "odd ""mood""", address text default 'after=1')`,
  `create table notes ("a$b" text, total numeric(10), at interval(3), feeling mood, days date)`,
  `alter table notes add constraint there check ("a$b" is not null)`,
  `create index left_idx on notes (total) where "a$b" <> 'valid=0'`,
  `create index clustered_idx on notes (days)`,
  `alter table notes cluster on clustered_idx`,
  `create table parts (id int, day date) partition by range (day)`,
  `create table parts_2026 partition of parts for values from ('2026-01-01') to ('2027-01-01')`,
  `create index "parts valid=0" on parts (day)`,
  `create type tag as enum ('x')`,
  `create table lists (tags tag[])`,
  `create table words (word text) partition by list ((word || 'inherits=1'))`,
]

describe.each(['14', '18'] as const)('a schema with odd names on PostgreSQL %s', version => {
  const test = needsVersion(version)
  const server = serverOf(version)
  const settings = () => describeServers(server())
  const read = (database: string) =>
    createPostgres(settings()).servers.readCatalog('primary', describeTenant(database), never)
  const ports = () => ({
    servers: createPostgres(settings()).servers,
    schemaFacts: createSchemaFacts(settings()),
    dependents: createDependents(settings()),
  })

  beforeAll(async () => {
    await server().query('create database acorn')
    await server().query(schema.join(';\n'), 'acorn')
  })

  /** What the search says of a statement, and what the server does. */
  const search = async (sql: string): Promise<readonly string[]> =>
    (await searchSql(sql, { ports: ports() })).map(brief)
  const attempt = async (sql: string): Promise<'refused' | 'done'> => {
    try {
      await server().query(`begin; ${sql}; rollback`, 'acorn')
      return 'done'
    } catch {
      return 'refused'
    }
  }

  const find = (items: readonly CatalogItem[], kind: string, ident: string): CatalogItem => {
    const found = items.find(one => one.kind === kind && one.ident === ident)
    if (!found) throw new Error(`there is no ${kind} ${ident}`)
    return found
  }

  test('is read as values, whatever its definitions say', async () => {
    const { items } = await read('acorn')
    const table = { schema: 'a b', name: 'valid=0' }
    const index = find(items, 'index', '"a b"."valid=0 primary"')
    expect({ name: nameOf(index), table: index.table, isValid: isValid(index) }).toEqual({
      name: { schema: 'a b', name: 'valid=0 primary', part: null },
      table,
      isValid: true,
    })
    const check = find(items, 'constraint', '"a b"."valid=0"."not null valid=0"')
    expect({ name: nameOf(check), table: check.table, isValid: isValid(check) }).toEqual({
      name: { ...table, part: 'not null valid=0' },
      table,
      isValid: true,
    })
    expect(find(items, 'column', '"a b"."valid=0"."e""f"')).toMatchObject({
      table,
      attributes: { is: 'column', name: { ...table, part: 'e"f' }, tail: 'after="c.d"' },
    })
    expect(find(items, 'type', 'public.mood').attributes).toMatchObject({
      labels: ['sa\\d', 'o,k', " labels='x'", 'ok'],
    })
    expect(find(items, 'column', 'public.notes.total').attributes).toMatchObject({
      type: { schema: 'pg_catalog', name: 'numeric', arguments: [10, 0], isArray: false },
    })
    expect(find(items, 'table', 'public.words').attributes).toMatchObject({ followsAnother: false })
    expect(find(items, 'table', 'public.parts_2026').attributes).toMatchObject({ followsAnother: true })
  })

  test('is read alike by a login without rights of its own, while an application writes', async () => {
    await server().query(`create role plain login password 'plain'; grant connect on database acorn to plain`)
    const application = await server().connect('acorn')
    await application.query(`begin; insert into notes ("a$b") values ('x')`)
    const plain = settings().map(one => ({ ...one, user: 'plain', password: 'plain' }))
    const found = await createPostgres(plain).servers.readCatalog('primary', describeTenant('acorn'), never)
    await application.query('rollback')
    await application.end()
    expect(found.items).toEqual((await read('acorn')).items)
    await server().query('revoke connect on database acorn from plain; drop role plain')
  })

  describe('before a vote', () => {
    const vote = async (sql: string): Promise<string | null> => {
      const before = await read('acorn')
      const client = await server().connect('acorn')
      await client.query(`begin; ${sql}`)
      const inspection = { ...(await inspect(client)), xid: null, heads: ['0002'] }
      await client.query('rollback')
      await client.end()
      const refused = inspectVote(inspection, {
        tenant: 'acorn',
        route: { id: 'from-0001', from: ['0001'], to: ['0002'], steps: [makeStep('0002')] },
        snapshot: { heads: ['0001'], fingerprint: before.hash, items: before.items },
        expectedHeads: ['0002'],
        fingerprints: new Map(),
        allowUnvalidated: false,
      })
      return refused && describeFailure(refused).why
    }

    const column = `"a b"."valid=0"`
    test.each([
      `drop index "parts valid=0"; create index "parts valid=0" on only parts (day)`,
      `alter table ${column} drop constraint "not null valid=0";
       alter table ${column} add constraint "not null valid=0" check ("e""f" <> ' valid=0 ') not valid`,
    ])('what a migration itself leaves invalid is not taken for an old fault: %s', async sql => {
      expect(await vote(sql)).toMatch(/valid=0/)
    })

    test('what was invalid before is no fault of the migration', async () => {
      await server().query(
        `alter table notes add constraint "old one" check (total > 0) not valid; create index "old index" on only parts (id)`,
        'acorn',
      )
      expect(await vote('create table other (id int)')).toBeNull()
      await server().query('alter table notes drop constraint "old one"; drop index "old index"', 'acorn')
    })
  })

  describe('in the search for conflicts', () => {
    test.each([
      `alter type mood add value 'ok'`,
      `alter type mood add value 'sa\\d'`,
      `drop type "odd ""mood"""`,
      'drop type tag',
      `create table fresh (id int); create type fresh as enum ('x')`,
      `create index "valid=0 primary" on "a b"."valid=0" (id); create index on "a b"."valid=0" ("C.D")`,
    ])('it finds what the server refuses: %s', async sql => {
      expect(await attempt(sql)).toBe('refused')
      expect((await search(sql)).filter(line => line.startsWith('error'))).not.toEqual([])
    })

    test.each([
      `alter table customers alter column feeling drop default, alter column feeling type moody using 'ok'; alter table notes drop column feeling; drop type mood`,
      `alter table notes add column if not exists total numeric(10)`,
      `alter type mood add value 'o'`,
      'alter table lists alter column tags type text; drop type tag',
      `alter type moody rename to "mo.ody"`,
    ])('it finds nothing in what the server does: %s', async sql => {
      expect(await attempt(sql)).toBe('done')
      expect(await search(sql)).toEqual([])
    })

    test('a valid index is not taken for one that an attempt has left', async () => {
      const sql = 'create index concurrently left_idx on notes (days)'
      expect(await search(sql)).toEqual([
        'error already_exists: the statement makes index public.left_idx, which is there already',
      ])
    })

    test('an index that is there just as the statement makes it is in nobody’s way, whatever else holds for it', async () => {
      expect(await search('create index concurrently clustered_idx on notes (days)')).toEqual([])
    })

    test('a class that differs behind a word of its definition is named', async () => {
      await server().query('create database birch template acorn')
      await server().query(`alter table customers alter column address set default 'after=2'`, 'birch')
      const found = await searchSql(`alter table customers alter column address set not null`, {
        ports: ports(),
        holds: { birch: [] },
      })
      await server().query('drop database birch')
      expect(found.map(({ rule, tenants }) => [rule, tenants])).toEqual([['differs_from_main', ['birch']]])
    })
  })

  describe('in lint', () => {
    const lint = async (rule: string, sql: string) =>
      (
        await findingsOf(rule, sql, {
          shapes: await ports().schemaFacts.readShapes(describeTenant('acorn'), never),
        })
      ).length

    test('a check proves that a column is not null, however its name is quoted', async () => {
      const rule = 'set_not_null_without_check'
      expect(await lint(rule, 'alter table notes alter column "a$b" set not null')).toBe(0)
      expect(await lint(rule, 'alter table notes alter column total set not null')).toBe(1)
    })

    test('a column that keeps its type is not rewritten', async () => {
      const rule = 'change_column_type'
      expect(await lint(rule, 'alter table notes alter column at type interval(3)')).toBe(0)
      expect(await lint(rule, 'alter table notes alter column feeling type mood')).toBe(0)
      expect(await lint(rule, 'alter table notes alter column feeling type moody')).toBe(1)
    })
  })

  test('without its table of versions holds whatever only speaks of it', async () => {
    const before = await read('acorn')
    await server().query(
      `create table "my.versions" (id serial primary key, version text);
       comment on constraint "my.versions_pkey" on "my.versions" is 'of the table';
       grant select on "my.versions" to public`,
      'acorn',
    )
    const made = await read('acorn')
    const [table] = findTables(made.items, 'my.versions')
    const own = table?.table
    if (!own) throw new Error('the table of versions is not found')
    expect(findTables(made.items, 'versions')).toEqual([])
    expect(catalogText(leaveOutTable(made.items, own))).toBe(catalogText(before.items))
    await server().query(`comment on table notes is 'see public."my.versions"'`, 'acorn')
    const left = leaveOutTable((await read('acorn')).items, own)
    expect(diffCatalog(before.items, left)).toEqual(['+ comment public.notes'])
    await server().query('drop table "my.versions"; comment on table notes is null', 'acorn')
  })

  async function inspect(client: pg.Client) {
    const rowsByName: Record<string, readonly unknown[]> = {}
    for (const { name, sql } of inspectionStatements(describeTenant('acorn'))) {
      rowsByName[name] = (await client.query<Record<string, unknown>>(sql)).rows
    }
    return parseInspection(rowsByName)
  }
})
