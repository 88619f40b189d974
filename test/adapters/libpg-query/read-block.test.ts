import { describe, expect, it } from 'vitest'
import { createSqlParser } from '../../../electron/adapters/libpg-query/create-sql-parser.ts'

const parser = createSqlParser()

/** What a block runs, a line each: the line, the way to it, and the statement or what is not seen. */
async function read(sql: string): Promise<readonly string[]> {
  const block = await parser.readBlock(sql)
  if (block.kind === 'unread') return [JSON.stringify(block.unseen)]
  return block.parts.map(part => {
    const way = part.path.map(({ kind, arm }) => (kind === 'branch' ? `branch ${arm}` : kind))
    const what = part.kind === 'statement' ? part.statement.sql : JSON.stringify(part.unseen)
    return [part.line, ...way, what.replace(/\s+/g, ' ')].join(' | ')
  })
}

describe('a DO block', () => {
  it('runs its statements in order, each on its line', async () => {
    const sql = [
      '/* first */ do $$',
      'declare',
      "  names text[] := array['a', 'ü'];",
      'begin',
      '  -- a comment',
      '  drop table a; drop table b;',
      '  update orders',
      "     set note = ';'",
      '   where id = 1;',
      'end',
      '$$',
    ].join('\n')
    expect(await read(sql)).toEqual([
      '6 | drop table a',
      '6 | drop table b',
      "7 | update orders set note = ';' where id = 1",
    ])
  })

  it('runs one branch of IF and of CASE', async () => {
    const sql = `do $$ begin
      if exists (select from a) then
        drop table a;
      elsif true then
        drop table b;
        if false then drop table c; end if;
      else
        drop table d;
      end if;
      case 1 when 1, 2 then drop table e; when 3 then null; else drop table f; end case;
      drop table g;
    end $$`
    expect(await read(sql)).toEqual([
      '3 | branch 0 | drop table a',
      '5 | branch 1 | drop table b',
      '6 | branch 1 | branch 0 | drop table c',
      '8 | branch 2 | drop table d',
      '10 | branch 0 | drop table e',
      '10 | branch 2 | drop table f',
      '11 | drop table g',
    ])
  })

  it('runs the query of a loop once and its body any number of times', async () => {
    const sql = `do $$ declare r record; n int; names text[]; begin
      for r in delete from a returning * loop insert into b values (r.id); end loop;
      for n in 1..3 loop insert into c values (n); end loop;
      foreach n in array names loop insert into d values (n); end loop;
      while n > 1 loop insert into e values (n); end loop;
      loop exit when n = 1; insert into f values (n); end loop;
      for r in execute 'select 1' loop insert into g values (1); end loop;
    end $$`
    expect(await read(sql)).toEqual([
      '2 | delete from a returning *',
      '2 | loop | insert into b values (r.id)',
      '3 | loop | insert into c values (n)',
      '4 | loop | insert into d values (n)',
      '5 | loop | insert into e values (n)',
      '6 | loop | insert into f values (n)',
      '7 | select 1',
      '7 | loop | insert into g values (1)',
    ])
  })

  it('undoes what stands before an exception handler when the handler runs', async () => {
    const sql = `do $$ begin
      begin
        create type mood as enum ('sad');
      exception
        when duplicate_object or unique_violation then drop table a;
        when others then raise;
      end;
      drop table b;
    end $$`
    expect(await read(sql)).toEqual([
      "3 | guarded | create type mood as enum ('sad')",
      '5 | handler | drop table a',
      '8 | drop table b',
    ])
  })

  it('may return before what follows, inside a branch and behind it', async () => {
    const sql = `do $$ begin
      if a then
        if b then return; end if;
        drop table a;
      end if;
      drop table b;
      return;
    end $$`
    expect(await read(sql)).toEqual(['4 | branch 0 | rest | drop table a', '6 | rest | drop table b'])
  })

  it('may leave a block by its label, but a loop only by its own EXIT', async () => {
    const sql = `do $$ begin
      <<part>> begin exit part when true; drop table a; end;
      loop exit; end loop;
      drop table b;
    end $$`
    expect(await read(sql)).toEqual(['2 | rest | drop table a', '4 | rest | drop table b'])
    expect(await read('do $$ begin loop exit; end loop; drop table b; end $$')).toEqual(['1 | drop table b'])
  })

  it('runs what EXECUTE gets as a constant, on the lines of the constant', async () => {
    const sql = `do $$ declare n int; begin
      execute 'drop table a';
      execute
        $q$
          drop table b;
          drop table c;
        $q$;
      execute ('drop table d') into n using 1;
      execute E'drop table\\n e; drop table f';
      execute 'nothing that is SQL';
    end $$`
    expect(await read(sql)).toEqual([
      '2 | drop table a',
      '5 | drop table b',
      '6 | drop table c',
      '8 | drop table d',
      '9 | drop table e',
      '9 | drop table f',
      '10 | nothing that is SQL',
    ])
  })

  it('does not tell what EXECUTE gets from an expression', async () => {
    const sql = `do $$ declare r record; c refcursor; begin
      execute format('drop table %I', 'a');
      execute 'drop ' || 'table b';
      for r in execute 'select ' || 1 loop null; end loop;
      open c for execute r.sql;
    end $$`
    expect(await read(sql)).toEqual([
      `2 | {"kind":"computed","expression":"format('drop table %I', 'a')"}`,
      `3 | {"kind":"computed","expression":"'drop ' || 'table b'"}`,
      `4 | {"kind":"computed","expression":"'select ' || 1"}`,
      '5 | {"kind":"computed","expression":"r.sql"}',
    ])
  })

  it('does not tell what the functions do that it calls by itself', async () => {
    const sql = `do $$
      declare n int := first();
      begin
        perform second(), second();
        n := shop.third(n);
        if fourth() then call fifth(); end if;
        select sixth() into n;
        raise notice '%', seventh();
        insert into a values (plain());
      end $$`
    const called = (...name: readonly string[]) => JSON.stringify({ kind: 'call', name })
    expect(await read(sql)).toEqual([
      `2 | ${called('first')}`,
      '4 | SELECT second(), second()',
      `4 | ${called('second')}`,
      `5 | ${called('shop', 'third')}`,
      `6 | ${called('fourth')}`,
      '6 | branch 0 | call fifth()',
      '7 | select sixth()',
      `7 | ${called('sixth')}`,
      `8 | ${called('seventh')}`,
      '9 | insert into a values (plain())',
    ])
  })

  it('runs the blocks inside it, whatever dollar quotes they stand in', async () => {
    const sql = `do $outer$ begin
      do $inner$
      begin
        drop table a;
      end $inner$;
      execute 'do $q$ begin
        drop table b; end $q$';
      create function f() returns void language plpgsql as $f$ begin drop table c; end $f$;
      do language plpython3u $$ x $$;
    end $outer$`
    expect(await read(sql)).toEqual([
      '4 | drop table a',
      '7 | drop table b',
      '8 | create function f() returns void language plpgsql as $f$ begin drop table c; end $f$',
      '9 | {"kind":"language","language":"plpython3u"}',
    ])
  })

  it('commits and rolls back as statements', async () => {
    expect(await read('do $$ begin commit; rollback and chain; end $$')).toEqual([
      '1 | commit',
      '1 | rollback',
    ])
  })

  it('knows variables of types that only the server knows', async () => {
    const types = [
      'orders%rowtype',
      'shop.orders.id%type',
      'shop.mood',
      'mood[]',
      'citext',
      'geometry(Point, 4326)',
    ]
    for (const type of types) {
      expect(await read(`do $$ declare x ${type}; begin drop table a; end $$`)).toEqual(['1 | drop table a'])
    }
  })
})

describe('the text of a DO block', () => {
  it('may stand before and behind its language', async () => {
    const body = '$$ begin\n drop table a; end $$'
    expect(await read(`do language plpgsql\n${body}`)).toEqual(['3 | drop table a'])
    expect(await read(`do ${body} language 'plpgsql'`)).toEqual(['2 | drop table a'])
    expect(await read(`do ${body}\nlanguage PLPGSQL`)).toEqual(['2 | drop table a'])
  })

  it('may stand in single quotes, with quotes doubled and lines kept', async () => {
    const sql = "do 'begin\n execute ''drop\n table a'';\n drop table \"it''s ü\"; end'"
    expect(await read(sql)).toEqual(['2 | drop table a', '4 | drop table "it\'s ü"'])
  })

  it('may have escapes that make lines where the file has none', async () => {
    const sql = "do E'begin\\n\\n drop table a;\n -- \\'\\n\n drop table b; end'"
    expect(await read(sql)).toEqual(['1 | drop table a', '3 | drop table b'])
  })

  it('has backslashes that mean nothing in plain quotes', async () => {
    const sql = "do 'begin\n perform ''\\n'';\n drop table a; end'"
    expect(await read(sql)).toEqual(["2 | SELECT '\\n'", '3 | drop table a'])
  })

  it('may go on in a second literal', async () => {
    const sql = "do 'begin\n drop table a;'\n  ' null;\n drop table b; end'"
    expect(await read(sql)).toEqual(['2 | drop table a', '4 | drop table b'])
  })

  it('is placed on the line of the statement where its own lines cannot be told', async () => {
    const sql = "do E'begin\\012 drop table a;\n drop table b; end'"
    expect(await read(sql)).toEqual(['1 | drop table a', '1 | drop table b'])
  })
})

describe('a text that is no block of PL/pgSQL', () => {
  it.each([
    ['of another language', 'do language plpython3u $$ x $$', 'plpython3u'],
    ['that does not parse', 'do $$ begin selct 1; end $$', 'syntax error at or near \\"selct\\"'],
    ['that never ends', 'do $$ begin', 'unterminated dollar-quoted string'],
    ['with a variable that is not declared', 'do $$ begin x := 1; end $$', '\\"x\\" is not a known variable'],
    ['without a body', 'do language plpgsql', 'it has no body'],
    ['that is empty', 'do $$$$', 'at end of input'],
    ['that is another statement', 'select 1', 'it has no body'],
    ['that is nothing', '', ''],
    [
      'that is nested too deeply',
      `do $$ begin ${'if a then '.repeat(3_000)}${'end if; '.repeat(3_000)}end $$`,
      'deep',
    ],
  ])('is left unread when it is one %s', async (_, sql, words) => {
    const lines = await read(sql)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^\{"kind":"(language|unreadable)"/)
    expect(lines[0]).toContain(words)
    expect(await read('do $$ begin drop table a; end $$')).toEqual(['1 | drop table a'])
  })
})
