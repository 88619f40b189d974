import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'

const parser = createSqlParser()
const lines = async (sql: string) => (await parser.describe(sql)).map(fact => [fact.line, fact.sql])

describe('splitting a text into statements', () => {
  it('finds nothing in an empty text, a comment or a lonely semicolon', async () => {
    for (const sql of ['', ' \n', '-- nothing', '/* nothing */', ';;'])
      expect(await parser.describe(sql)).toEqual([])
  })

  it('keeps the text as written and counts lines from the statement, not from the comment before it', async () => {
    expect(
      await lines('-- é, a comment; with a semicolon\n\n  select  1 ;\n/* two\nlines */ select\n 2'),
    ).toEqual([
      [3, 'select  1'],
      [5, 'select\n 2'],
    ])
  })

  it('does not split inside literals, dollar quotes, quoted names, comments or bodies', async () => {
    const statements = [
      `select 'a;b', E'it\\'s;', "semi;colon", U&'\\00e9;' from "semi;colon" /* ; /* ; */ ; */ -- ;`,
      'create function f() returns void language plpgsql as $body$ begin; $$;$$ end; $body$',
      'create function g() returns int language sql begin atomic select 1; select 2; end',
      "do $$ begin perform ';'; end $$",
      "select '🙂🙂;', 'ünï'",
    ]
    expect((await parser.describe(statements.join('\n;\n'))).map(fact => fact.sql)).toEqual(statements)
  })
})

describe('text that is not SQL', () => {
  it('is a statement with its line and column, and what stands around it is still described', async () => {
    const facts = await parser.describe('create table a ();\n\nselect é frm x yy z;\ndrop table b;\nselect 1')
    expect(facts.map(fact => [fact.line, fact.sql, fact.problem ?? null])).toEqual([
      [1, 'create table a ()', null],
      [3, 'select é frm x yy z', { message: 'syntax error at or near "x"', line: 3, column: 14 }],
      [4, 'drop table b', null],
      [5, 'select 1', null],
    ])
  })

  it('counts columns in characters, also behind characters of two code units', async () => {
    const [facts] = await parser.describe("select '🙂' frm x y")
    expect(facts?.problem).toEqual({ message: 'syntax error at or near "x"', line: 1, column: 16 })
  })

  it('takes one line for a command of psql', async () => {
    const facts = await parser.describe('create table a ();\n\\connect other\ncreate table b ();')
    expect(facts.map(fact => [fact.sql, fact.problem !== undefined])).toEqual([
      ['create table a ()', false],
      ['\\connect other', true],
      ['create table b ()', false],
    ])
  })

  it.each([
    ['a literal that never ends', "select 1; select 'abc; select 2"],
    ['a dollar quote that never ends', 'select 1; do $$ begin'],
    ['a comment that never ends', 'select 1; /* abc'],
    ['a NUL character', 'select 1; select \0'],
  ])('is no exception: %s', async (_title, sql) => {
    const facts = await parser.describe(sql)
    expect(facts.at(0)?.sql).toBe('select 1')
    expect(facts.at(-1)?.problem?.line).toBe(1)
  })

  it('is found behind a function body with semicolons of its own', async () => {
    const facts = await parser.describe(
      'create function g() returns int language sql begin atomic select 1; select 2; end;\nselct 1;',
    )
    expect(facts.map(fact => fact.problem?.line ?? null)).toEqual([null, 2])
  })
})

describe('an index that is made concurrently', () => {
  it('is named with its table and whether it may run again', async () => {
    const facts = await parser.describe(
      'create index concurrently "I x" on s."T" (x); create unique index concurrently if not exists j on t (x);' +
        'create index concurrently on t (x); create index k on t (x)',
    )
    expect(facts.map(fact => fact.createsIndexConcurrently ?? null)).toEqual([
      { name: 'I x', table: 's."T"', ifNotExists: false },
      { name: 'j', table: 't', ifNotExists: true },
      { name: null, table: 't', ifNotExists: false },
      null,
    ])
  })
})

describe('the tree', () => {
  it('stands beside the facts of each statement, and is empty where the text does not parse', async () => {
    const [made, broken, dropped] = await parser.parse('create table a (id int);\nfoo;\ndrop table b')
    expect([made?.type, broken?.type, dropped?.type]).toEqual(['CreateStmt', '', 'DropStmt'])
    expect(made?.node).toMatchObject({ relation: { relname: 'a' } })
    expect([made?.tables, made?.line, dropped?.line]).toEqual([['public.a'], 1, 3])
    expect(broken).toMatchObject({ node: {}, problem: { line: 2 } })
  })

  it('is not part of a description', async () => {
    expect(Object.keys((await parser.describe('select 1'))[0] ?? {})).not.toContain('node')
  })
})
