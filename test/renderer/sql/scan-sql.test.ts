import { describe, expect, it } from 'vitest'
import { plainSql, type SqlState, scanSqlLine, tokenizeSqlLine } from '../../../renderer/sql/scan-sql.ts'
import { readSqlText } from '../../../renderer/sql/sql-text.ts'

/** Tokens of a whole text as `kind:text`, without what is only space or a sign. */
function read(sql: string): readonly string[] {
  const text = readSqlText(sql)
  return text.rows.flatMap((_, row) =>
    text
      .tokensOf(row)
      .filter(token => token.kind !== 'plain')
      .map(token => `${token.kind}:${token.text}`),
  )
}

describe('the highlighting of SQL', () => {
  it('tells keywords from names in any case', () => {
    expect(read('Create TABLE Orders (id bigint)')).toEqual([
      'keyword:Create',
      'keyword:TABLE',
      'identifier:Orders',
      'identifier:id',
      'keyword:bigint',
    ])
  })

  it('keeps a doubled quote inside of its string, and a keyword in quotes as a name', () => {
    expect(read(`select 'it''s -- no comment' as "order""by"`)).toEqual([
      'keyword:select',
      "string:'it''s -- no comment'",
      'keyword:as',
      'identifier:"order""by"',
    ])
  })

  it('reads a backslash as an escape only in an E string', () => {
    expect(read(String.raw`E'a\'b' 'c\' d`)).toEqual([
      String.raw`string:E'a\'b'`,
      String.raw`string:'c\'`,
      'identifier:d',
    ])
  })

  it('ends a dollar-quoted body only at its own tag', () => {
    expect(read("do $body$ begin $$x$$; 'y' -- z\nend $body$ language plpgsql")).toEqual([
      'keyword:do',
      "string:$body$ begin $$x$$; 'y' -- z",
      'string:end $body$',
      'keyword:language',
      'identifier:plpgsql',
    ])
  })

  it('takes a dollar inside of a name as part of the name, and $1 as a number', () => {
    expect(read('a$b$ = $1')).toEqual(['identifier:a$b$', 'number:$1'])
  })

  it('nests block comments, over lines', () => {
    expect(read('/* a /* b */ still\nhere */ select 1')).toEqual([
      'comment:/* a /* b */ still',
      'comment:here */',
      'keyword:select',
      'number:1',
    ])
  })

  it('ends a line comment with its line', () => {
    expect(read("-- it's\nselect 1--x")).toEqual([
      "comment:-- it's",
      'keyword:select',
      'number:1',
      'comment:--x',
    ])
  })

  it('reads numbers in every notation', () => {
    expect(read('1 1.5 .5 1e-3 1_000 0xFF 0b101')).toEqual([
      'number:1',
      'number:1.5',
      'number:.5',
      'number:1e-3',
      'number:1_000',
      'number:0xFF',
      'number:0b101',
    ])
  })

  it('reads Unicode names, prefixes of strings, and what never ends', () => {
    expect(read(`größe U&"d\\0061ta" B'101' 'open\nstill open`)).toEqual([
      'identifier:größe',
      'identifier:U&"d\\0061ta"',
      "string:B'101'",
      "string:'open",
      'string:still open',
    ])
  })

  it('loses no character of any line, whatever the state', () => {
    const states: readonly SqlState[] = [
      plainSql,
      { kind: 'block_comment', depth: 2 },
      { kind: 'string', hasEscapes: true },
      { kind: 'dollar', tag: '$x$' },
      { kind: 'quoted_identifier' },
    ]
    const lines = ["a'b''c\"d$x$e*/f/*--g\\", '$$$x$ $1$', '\\', "''''", '*/*/', '\u0000\u202e<b>']
    for (const state of states)
      for (const line of lines)
        expect(
          tokenizeSqlLine(line, state)
            .map(token => token.text)
            .join(''),
        ).toBe(line)
  })
})

describe('a long statement', () => {
  it('breaks a line that is too long between words, keeps its number, and its comment to the end of the line', () => {
    const text = readSqlText(`-- ${'word '.repeat(500)}\nselect 1`)
    expect(text.lines).toBe(2)
    expect(text.rows.length).toBeGreaterThan(3)
    expect(text.rows.map(row => row.text).join('')).toBe(`-- ${'word '.repeat(500)}select 1`)
    expect(text.rows.slice(1, 3).every(row => row.line === 1 && row.isContinued)).toBe(true)
    expect(text.tokensOf(2)[0]?.kind).toBe('comment')
    expect(text.tokensOf(text.rows.length - 1)[0]).toEqual({ kind: 'keyword', text: 'select' })
  })

  it('opens ten megabytes without reading them, and reads to the end in less than five seconds of work', () => {
    const sql = 'insert into orders values (1, \'a "quoted" text\', now());\n'.repeat(185_000)
    expect(sql.length).toBeGreaterThan(10_000_000)
    const before = process.cpuUsage()
    const text = readSqlText(sql)
    expect(text.tokensOf(0)[0]).toEqual({ kind: 'keyword', text: 'insert' })
    expect(text.tokensOf(184_999)[0]).toEqual({ kind: 'keyword', text: 'insert' })
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
  })

  it('begins each row in the state that the one before it ended in', () => {
    expect(scanSqlLine("select 'a", plainSql, () => undefined)).toEqual({ kind: 'string', hasEscapes: false })
  })
})
