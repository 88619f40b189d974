import { describe, expect, it } from 'vitest'
import { makeStep } from '../sample-plans.ts'
import { findingsOf, lintSql, lintSteps, stepOf } from './lint-fixture.ts'

/** What is found besides notes, a line each. */
const show = async (sql: string) =>
  (await lintSql(sql))
    .filter(finding => finding.severity !== 'note')
    .map(({ rule, place, message }) => `${place?.line} ${rule}: ${message}`)

/** What is said of code that is not seen. */
const unseen = async (sql: string) =>
  (await findingsOf('unseen_code', sql)).map(
    ({ severity, place, message }) => `${place?.line} ${severity}: ${message}`,
  )

const gone = 'the data of orders (about 2,100,000 rows) is gone'

describe('a statement in a DO block', () => {
  it('is held against the rules, on its own line of the file', async () => {
    const sql =
      'select 1;\n\n-- tidy up\ndo $$\nbegin\n  -- all of it\n  drop table orders;\nend $$;\nselect 2;'
    expect(await show(sql)).toEqual([`7 drop_table: ${gone} (in a DO block)`])
    expect(await unseen(sql)).toEqual([])
  })

  it('says under which condition it runs', async () => {
    const sql = [
      'do $$ declare r record; begin',
      'if true then drop table orders; end if;',
      'for r in select 1 loop drop table orders; end loop;',
      'begin drop table orders;',
      'exception when others then drop table orders; end;',
      'if true then return; end if;',
      'drop table orders;',
      'end $$',
    ].join('\n')
    const found = (await findingsOf('drop_table', sql)).map(({ place, message }) =>
      `${place?.line} ${message}`.replace(gone, ''),
    )
    expect(found).toEqual([
      '2  (in a DO block, if its branch is taken)',
      '3  (in a DO block, each time its loop runs)',
      '4  (in a DO block)',
      '5  (in a DO block, after an error)',
      '7  (in a DO block, unless it returns before)',
    ])
  })

  it('is found in the constant that EXECUTE gets', async () => {
    expect(await show("do $$ begin\n execute 'drop table orders';\nend $$")).toEqual([
      `2 drop_table: ${gone} (in a DO block)`,
    ])
    expect(await show("do $$ begin\n execute 'drop tabel orders';\nend $$")).toEqual([
      '2 syntax_error: syntax error at or near "tabel": drop tabel orders (in a DO block)',
    ])
  })

  it('is an error where the server refuses it in a block, even outside of transactions', async () => {
    const index = 'create index concurrently if not exists orders_total on orders (total)'
    const block = `do $$ begin\n ${index}; end $$`
    const outside = { ...(await stepOf('0002', `${index}; ${block}`)), transactional: false }
    const find = async (findings: ReturnType<typeof lintSteps>) =>
      (await findings)
        .filter(({ rule }) => rule === 'concurrently_in_transaction')
        .map(({ severity, place }) => `${severity} ${place?.line}`)
    expect(await find(lintSql(block))).toEqual(['error 2'])
    expect(await find(lintSteps([outside]))).toEqual(['error 2'])
  })

  it('that ends the transaction is an error', async () => {
    expect(await show('do $$ begin\n update customers set id = 1 where id = 2;\n commit; end $$')).toEqual([
      '3 transaction_control: COMMIT controls the transaction itself (in a DO block)',
    ])
  })

  it('does not make its revision one of mixed modes', async () => {
    const sql = 'create index concurrently orders_total on orders (total)'
    const step = { ...(await stepOf('0002', sql)), transactional: false }
    const block = await stepOf('0002', 'do $$ begin drop table customers; drop table orders; end $$')
    const statements = [...step.statements, ...block.statements]
    const found = await lintSteps([{ ...step, statements }])
    expect(
      found.filter(({ rule }) => rule === 'mixed_transaction_modes').map(({ message }) => message),
    ).toEqual([
      'CREATE INDEX CONCURRENTLY cannot run inside a transaction block, and 1 other statement of the revision could',
    ])
  })

  it('of Python stands on the line of its call', async () => {
    const sql = 'do $$ begin\n perform 1;\n drop table orders;\nend $$'
    const step = makeStep('0002', { file: 'versions/0002.py', statements: [{ sql, tables: [], line: 12 }] })
    expect((await lintSteps([step])).map(({ rule, place }) => [rule, place?.line])).toEqual([
      ['drop_table', 12],
    ])
  })
})

describe('what a DO block did', () => {
  const index = 'create index bills_day on bills (day);'
  const table = 'create table bills (id bigint primary key, day date);'
  const heavy = async (sql: string) =>
    (await findingsOf('index_without_concurrently', sql)).map(({ place }) => place?.line)

  it('is known behind it', async () => {
    expect(await heavy(`do $$ begin ${table} end $$;\n${index}`)).toEqual([])
  })

  it('is known inside a branch, but not behind it or in the other branch', async () => {
    expect(await heavy(`do $$ begin if true then ${table} ${index} end if; end $$;`)).toEqual([])
    expect(await heavy(`do $$ begin if true then ${table} end if;\n${index} end $$;\n${index}`)).toEqual([
      2, 3,
    ])
    expect(await heavy(`do $$ begin if true then ${table} else\n${index} end if; end $$`)).toEqual([2])
  })

  it.each([
    ['in a loop', `loop ${table} end loop;`],
    ['before a handler that may undo it', `begin ${table} exception when others then null; end;`],
    ['in a handler', `begin null; exception when others then ${table} end;`],
    ['behind a RETURN that may come first', `if true then return; end if; ${table}`],
    ['in SQL that is made while it runs', "execute 'create table ' || 'bills (day date)';"],
  ])('is not known behind it %s', async (_, text) => {
    expect(await heavy(`do $$ begin ${text} end $$;\n${index}`)).toEqual([2])
  })

  it('may be locked behind a branch, but not in the other one', async () => {
    const lock = 'alter table orders add column region text;'
    const findFollowers = async (sql: string) =>
      (await findingsOf('statements_after_exclusive_lock', sql)).map(({ place }) => place?.line)
    expect(await findFollowers(`do $$ begin if true then ${lock} end if;\n${table} end $$`)).toEqual([2])
    expect(await findFollowers(`do $$ begin if true then ${lock} end if; end $$;\n${table}`)).toEqual([2])
    expect(await findFollowers(`do $$ begin if true then ${lock} else\n${table} end if; end $$`)).toEqual([])
  })

  it('shares a transaction where other statements have one each', async () => {
    const lock = 'alter table orders add column region text;'
    const outside = async (sql: string) => {
      const found = await lintSteps([{ ...(await stepOf('0002', sql)), transactional: false }])
      return found
        .filter(({ rule }) => rule === 'statements_after_exclusive_lock')
        .map(({ place }) => place?.line)
    }
    const index = 'create index concurrently if not exists orders_total on orders (total);'
    expect(await outside(`${index}\n${lock}\n${table}`)).toEqual([])
    expect(await outside(`${index}\ndo $$ begin ${lock}\n${table} end $$;\n${table}`)).toEqual([3])
  })

  it('gives an index to a foreign key of the same branch', async () => {
    const key = 'create table bills (id bigint primary key, customer_id bigint references customers (id));'
    const find = (sql: string) => findingsOf('foreign_key_without_index', sql)
    expect(await find(`do $$ begin if true then ${key} end if; end $$`)).toHaveLength(1)
    const both = `${key} create index bills_customer on bills (customer_id);`
    expect(await find(`do $$ begin if true then ${both} end if; end $$`)).toEqual([])
  })
})

describe('code in a DO block that is not seen', () => {
  it('is named with its line, as a warning where it is SQL', async () => {
    const sql = [
      'do $$ begin',
      "  execute format('drop table %I', 'orders');",
      '  if true then perform shop.clean_up(); end if;',
      '  call tidy(1);',
      "  perform now(), pg_catalog.pg_sleep(1), set_config('a.b', 'c', true), jsonb_build_object();",
      'end $$',
    ].join('\n')
    expect(await unseen(sql)).toEqual([
      "2 warning: the SQL that format('drop table %I', 'orders') makes is not seen (in a DO block)",
      '3 note: what shop.clean_up() does is not seen (in a DO block, if its branch is taken)',
      '4 note: what tidy() does is not seen (in a DO block)',
    ])
  })

  it('is the whole block when it is written in another language, or cannot be read', async () => {
    expect(await unseen('do language plpython3u $$ x $$')).toEqual([
      '1 note: what the block does in plpython3u is not seen',
    ])
    expect(await unseen("do $$ plpy.execute('drop table orders') $$ language plpython3u")).toEqual([
      '1 warning: what the block does in plpython3u is not seen',
    ])
    expect(await unseen('select 1;\ndo $$ begin selct 1; end $$')).toEqual([
      '2 note: what the block does is not seen: syntax error at or near "selct"',
    ])
    expect(await unseen('do $$ begin\n do language plpython3u $x$ y $x$; end $$')).toEqual([
      '2 note: what the block does in plpython3u is not seen (in a DO block)',
    ])
  })

  it('is not what a function would run that is only made', async () => {
    const sql = 'create function f() returns void language plpgsql as $f$ begin drop table orders; end $f$;'
    expect(await show(`${sql}\ndo $$ begin ${sql} end $$`)).toEqual([])
    expect(await unseen(`${sql}\ndo $$ begin ${sql} end $$`)).toEqual([])
  })
})

describe('an inline waiver', () => {
  const waived = async (sql: string) =>
    (await lintSql(sql))
      .filter(({ rule }) => rule === 'drop_table' || rule === 'unseen_code' || rule === 'unused_waiver')
      .map(({ rule, place, waived: by }) => `${place?.line} ${rule}: ${by?.reason ?? 'open'}`)
  const allow = '-- lockstep: allow drop_table: agreed'

  it('before a DO block accepts what stands in it', async () => {
    const sql = `${allow}\ndo $$ begin\n drop table orders;\n drop table customers;\nend $$`
    expect(await waived(sql)).toEqual(['3 drop_table: agreed', '4 drop_table: agreed'])
  })

  it('beside a statement of a DO block accepts only that', async () => {
    const above = `do $$ begin\n ${allow}\n drop table orders;\n drop table customers;\nend $$`
    expect(await waived(above)).toEqual(['3 drop_table: agreed', '4 drop_table: open'])
    const behind = `do $$ begin\n drop table orders;\n drop table customers; ${allow}\nend $$`
    expect(await waived(behind)).toEqual(['2 drop_table: open', '3 drop_table: agreed'])
  })

  it('beside code that is not seen accepts that', async () => {
    const sql =
      "do $$ begin\n -- lockstep: allow unseen_code: tried out\n execute 'a' || 'b';\n call c();\nend $$"
    expect(await waived(sql)).toEqual(['3 unseen_code: tried out', '4 unseen_code: open'])
  })

  it('beside nothing in a DO block accepts what stands in it', async () => {
    const sql = `do $$ ${allow}\nbegin\n drop table orders;\n drop table customers;\nend $$`
    expect(await waived(sql)).toEqual(['3 drop_table: agreed', '4 drop_table: agreed'])
  })

  it('in a DO block that accepts nothing is told of', async () => {
    const sql = `do $$ begin\n ${allow}\n perform 1;\n drop table orders;\nend $$`
    expect(await waived(sql)).toEqual(['4 drop_table: open', '2 unused_waiver: open'])
  })

  it('in the text of a block that Alembic renders speaks of its statement', async () => {
    const sql = `select 1; do $$ begin\n ${allow}\n drop table orders;\n drop table customers;\nend $$`
    const step = makeStep('0002', { file: 'versions/0002.py', statements: [{ sql, tables: [], line: 12 }] })
    const found = (await lintSteps([step])).filter(({ rule }) => rule === 'drop_table')
    expect(found.map(({ waived: by }) => by?.reason)).toEqual(['agreed', undefined])
  })
})
