import { describe, expect, it } from 'vitest'
import { allRules } from '../../../electron/engine/lint/all-rules.ts'
import { startCpuClock } from '../../support/measure-cpu.ts'
import { makeStep } from '../sample-plans.ts'
import { lintSteps } from './lint-fixture.ts'

/** A step as Alembic renders it: nobody has looked at its text before. */
const lintTexts = (...texts: readonly string[]) =>
  lintSteps([
    makeStep('0002', {
      file: 'versions/0002.py',
      statements: texts.map((sql, index) => ({ sql, tables: [], line: index + 1 })),
    }),
  ])

const rulesOf = async (...texts: readonly string[]) =>
  (await lintTexts(...texts)).map(finding => `${finding.rule}:${finding.place?.line}`)

describe('text that is not SQL', () => {
  it.each([
    ['a word that is none', 'alter tabel orders', 'syntax_error:1'],
    ['a literal that never ends', "select 'abc", 'syntax_error:1'],
    ['a dollar quote that never ends', 'do $$ begin', 'syntax_error:1'],
    ['a comment that never ends', '/* abc', 'syntax_error:1'],
    ['a NUL character', 'select 1\0', 'syntax_error:1'],
    ['a lone surrogate', "select '\ud800'; foo", 'syntax_error:1'],
    ['a parenthesis too many', 'select (1))', 'syntax_error:1'],
    ['a command of psql', '\\connect other', 'psql_command:1'],
    ['rows behind a COPY', 'copy orders from stdin;\n1\tx\n\\.', 'psql_command:1'],
  ])('is %s', async (_, text, rule) => {
    expect(await rulesOf(text)).toContain(rule)
  })

  it('does not hide what stands around it', async () => {
    const text = 'drop table orders;\nfoo bar;\n\\echo hello\ntruncate customers'
    expect(await rulesOf(text)).toEqual([
      'drop_table:1',
      'syntax_error:1',
      'psql_command:1',
      'truncate_table:1',
      'several_exclusive_locks:1',
      'statements_after_exclusive_lock:1',
    ])
  })

  it('is nothing at all', async () => {
    expect(await rulesOf('', ' \n', '-- nothing', ';;')).toEqual([])
  })
})

describe('code that runs on the server', () => {
  it('in a procedure is no statement of the migration: only that it is not seen is said', async () => {
    expect(await rulesOf('call clean_up()')).toEqual(['unseen_code:1'])
  })

  it('may hold anything', async () => {
    const bodies = ['begin', "not plpgsql at all \\ '", "$x$ '; drop table orders; $x$", '']
    for (const body of bodies) {
      const text = `create function f() returns void language plpgsql as $body$ ${body} $body$`
      expect(await rulesOf(text)).toEqual([])
      expect(await rulesOf(`do $body$ ${body} $body$`)).toEqual(['unseen_code:1'])
    }
  })
})

describe('size', () => {
  it('of 5,000 statements is no trouble', async () => {
    const texts = Array.from({ length: 5_000 }, (_, place) =>
      place % 2 === 0
        ? `create table t${place} (id bigint primary key, note text)`
        : `insert into t${place - 1} (id, note) values (${place}, 'row')`,
    )
    const spent = startCpuClock()
    const found = await lintTexts(...texts)
    expect(spent()).toBeLessThan(20_000)
    expect(found.filter(finding => finding.severity !== 'note')).toEqual([])
  })

  it('of 10 MB of inserts is no trouble', async () => {
    const row = `insert into orders (id, note) values (1, '${'x'.repeat(2_000)}')`
    const texts = [...Array.from({ length: 5_000 }, () => row), 'drop table orders']
    const spent = startCpuClock()
    const found = await lintTexts(...texts)
    expect(spent()).toBeLessThan(20_000)
    expect(found.map(finding => finding.rule)).toContain('drop_table')
  })

  it('of one statement of 10 MB is not examined, and that is said', async () => {
    const spent = startCpuClock()
    const found = await lintTexts(`insert into orders (note) values ('${'x'.repeat(10_000_000)}')`)
    expect(spent()).toBeLessThan(5_000)
    expect(found.map(finding => finding.message)).toEqual([
      'a statement of 10.0 MB is too long to be examined',
    ])
  })

  it('of a text with thousands of errors is no trouble', async () => {
    const text = 'foo bar;\nselect 1;\n'.repeat(1_500)
    const spent = startCpuClock()
    const found = await lintTexts(text)
    expect(spent()).toBeLessThan(20_000)
    expect(found.length).toBeGreaterThan(50)
    expect(new Set(found.map(finding => finding.rule))).toEqual(new Set(['syntax_error']))
  })

  it('of deep nesting neither ends the process nor goes unsaid', async () => {
    const deep = [
      `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
      `select ${'not '.repeat(20_000)}true`,
      `select 1 ${'or 1 '.repeat(20_000)}`,
      `select ${'array['.repeat(5_000)}1${']'.repeat(5_000)}`,
      `alter table orders add constraint c check (${'('.repeat(3_000)}total > 0${')'.repeat(3_000)})`,
    ]
    for (const text of deep) expect(Array.isArray(await lintTexts(text, 'drop table orders'))).toBe(true)
    expect(await rulesOf(deep[0] ?? '', 'drop table orders')).toContain('drop_table:2')
  })

  it('of names is kept as it is', async () => {
    const name = 'n'.repeat(10_000)
    expect(await rulesOf(`drop table ${name}`)).toEqual(['drop_table:1'])
    expect(await rulesOf('drop table "a;b\u202e--"."c""d"')).toEqual(['drop_table:1'])
  })
})

it('stops when it is told to', async () => {
  const controller = new AbortController()
  controller.abort(new Error('enough'))
  const { lintRoute } = await import('../../../electron/engine/lint/lint-route.ts')
  const tools = { rules: allRules, names: [], rehearsal: null } as unknown as Parameters<typeof lintRoute>[1]
  const route = { id: 'r', from: [], to: ['0002'], steps: [makeStep('0002')] }
  await expect(
    lintRoute(route, { ...tools, schema: { has: () => false } as never }, controller.signal),
  ).rejects.toThrow('enough')
})
