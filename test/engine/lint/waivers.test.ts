import { describe, expect, it } from 'vitest'
import { readDirectives } from '../../../shared/sql/read-directives.ts'
import { makeStep } from '../sample-plans.ts'
import { findingsOf, lintSql, lintSteps, parser } from './lint-fixture.ts'

const drop = 'alter table orders drop column note;'
const waived = async (sql: string) => (await findingsOf('drop_column', sql)).map(finding => finding.waived)

describe('an inline waiver', () => {
  it.each([
    ['on the line before', `-- lockstep: allow drop_column: nobody reads it\n${drop}`],
    ['on the same line', `${drop} -- lockstep: allow drop_column: nobody reads it`],
    [
      'in the middle of the statement',
      'alter table orders\n  -- lockstep: allow drop_column: nobody reads it\n  drop column note;',
    ],
    [
      'above other comments',
      `-- lockstep: allow drop_column: nobody reads it\n-- see the release notes\n${drop}`,
    ],
    ['in capitals and with odd spaces', `--LOCKSTEP :  ALLOW   drop_column :nobody reads it\n${drop}`],
  ])('accepts a finding %s, and leaves it to be seen', async (_, sql) => {
    expect(await waived(sql)).toEqual([{ by: 'inline', reason: 'nobody reads it' }])
  })

  it.each([
    ['of another statement', `-- lockstep: allow drop_column: nobody reads it\nselect 1;\n${drop}`],
    ['of another rule', `-- lockstep: allow drop_table: nobody reads it\n${drop}`],
    ['behind an empty line', `-- lockstep: allow drop_column: nobody reads it\n\n${drop}`],
    ['without a reason', `-- lockstep: allow drop_column\n${drop}`],
    ['with an empty reason', `-- lockstep: allow drop_column:  \n${drop}`],
    ['in a literal', `select 'lockstep: allow drop_column: nobody reads it';\n${drop}`],
  ])('does not accept a finding %s', async (_, sql) => {
    expect(await waived(sql)).toEqual([null])
  })

  it('accepts several rules, one a line', async () => {
    const sql = [
      '-- lockstep: allow drop_column: nobody reads it',
      '-- lockstep: allow drop_cascade: the view goes too',
      'alter table orders drop column note cascade;',
    ].join('\n')
    const found = (await lintSql(sql)).filter(finding => finding.severity !== 'note')
    expect(found.map(finding => [finding.rule, finding.waived?.reason])).toEqual([
      ['drop_column', 'nobody reads it'],
      ['drop_cascade', 'the view goes too'],
    ])
  })

  it('accepts what is said of a whole revision anywhere in its file', async () => {
    const sql =
      'create table bills (day date);\n-- lockstep: allow table_without_schema: one schema only\nselect 1'
    const found = await findingsOf('table_without_schema', sql)
    expect(found.map(finding => finding.waived?.reason)).toEqual(['one schema only'])
  })

  it('is an error of its own without a reason, with its line', async () => {
    const found = await findingsOf(
      'waiver_without_reason',
      `select 1;\n-- lockstep: allow drop_column\n${drop}`,
    )
    expect(found).toMatchObject([
      { severity: 'error', place: { file: 'migrations/0002.sql', line: 2 }, waived: null },
    ])
  })

  it('cannot accept the findings about waivers', async () => {
    const sql = `-- lockstep: allow waiver_without_reason: because\n-- lockstep: allow drop_column\n${drop}`
    expect((await findingsOf('waiver_without_reason', sql)).map(finding => finding.waived)).toEqual([null])
  })

  it('is read from the text of a statement that Alembic renders', async () => {
    const sql =
      '-- lockstep: allow drop_column: nobody reads it\nalter table orders drop column note;\ndrop table customers'
    const step = makeStep('0002', { file: 'versions/0002.py', statements: [{ sql, tables: [], line: 12 }] })
    const found = (await lintSteps([step])).filter(finding => finding.rule.startsWith('drop_'))
    expect(found.map(finding => [finding.rule, finding.place?.line, finding.waived?.reason])).toEqual([
      ['drop_column', 12, 'nobody reads it'],
      ['drop_table', 12, undefined],
    ])
  })

  it('of a revision that only a rehearsal shows speaks of all of it', async () => {
    const step = makeStep('0002', {
      file: 'versions/0002.py',
      statements: [],
      unrendered: 'it reads the database while it runs',
      directives: [{ line: 9, text: 'allow drop_column: nobody reads it', at: 10 }],
    })
    const traced = {
      revision: '0002',
      index: 0,
      sql: 'alter table orders drop column note',
      durationMs: 1,
      rowCount: null,
    }
    const nothing = { locks: [], rewrites: [], scans: [], invalid: [], transactional: true }
    const bookkeeping = "update alembic_version set version_num = '0002'"
    const rehearsal = {
      planId: 'a plan',
      at: '',
      durationMs: 1,
      shadow: { kind: 'template', data: 'schema', server: 'primary', why: '' },
      routes: [
        {
          route: 'from-0001',
          startFingerprint: '',
          representative: 'acorn',
          tenants: ['acorn'],
          statements: [
            { ...traced, ...nothing },
            { ...traced, ...nothing, index: 1, sql: bookkeeping },
            { ...traced, ...nothing, index: 2, sql: 'delete from orders where id between %(first)s and %s' },
            { ...traced, ...nothing, index: 2, sql: 'delete from orders where id between %(first)s and %s' },
            { ...traced, ...nothing, index: 3, line: 10, sql: 'alter table orders drop column total' },
            { ...traced, ...nothing, index: 4, line: 11, sql: 'alter table orders drop column id' },
            { ...traced, ...nothing, index: 5, line: 12, sql: 'values that were %% taken out' },
          ],
          endFingerprint: null,
          durationMs: 1,
          reversibility: { verdict: 'not_tried', evidence: [] },
          problem: null,
        },
      ],
    } as const
    const found = await lintSteps([step], { rehearsal })
    const heavy = found.filter(({ rule }) => rule === 'drop_column' || rule === 'backfill_with_schema_change')
    expect(found.map(finding => finding.rule)).not.toContain('syntax_error')
    expect(heavy.map(finding => [finding.rule, finding.place, finding.waived?.reason])).toEqual([
      ['drop_column', { file: 'versions/0002.py', line: null }, 'nobody reads it'],
      ['backfill_with_schema_change', { file: 'versions/0002.py', line: null }, undefined],
      ['drop_column', { file: 'versions/0002.py', line: 10 }, 'nobody reads it'],
      ['drop_column', { file: 'versions/0002.py', line: 11 }, undefined],
    ])
    expect((await lintSteps([step])).map(finding => finding.rule)).toContain('unseen_revision')
  })
})

describe('the policy', () => {
  it('accepts a rule everywhere, or in one revision, with its reason', async () => {
    const reason = 'agreed in the spring'
    const everywhere = { settings: { waivers: [{ rule: 'drop_column', reason }] } }
    expect(await findingsOf('drop_column', drop, everywhere)).toMatchObject([
      { waived: { by: 'policy', reason } },
    ])
    const elsewhere = { settings: { waivers: [{ rule: 'drop_column', revision: '0009', reason }] } }
    expect(await findingsOf('drop_column', drop, elsewhere)).toMatchObject([{ waived: null }])
    const here = { settings: { waivers: [{ rule: 'drop_column', revision: '0002', reason }] } }
    expect(await findingsOf('drop_column', drop, here)).toMatchObject([{ waived: { by: 'policy', reason } }])
  })

  it('comes after the waiver beside the statement', async () => {
    const settings = { waivers: [{ rule: 'drop_column', reason: 'everywhere' }] }
    const [finding] = await findingsOf('drop_column', `-- lockstep: allow drop_column: just here\n${drop}`, {
      settings,
    })
    expect(finding?.waived).toEqual({ by: 'inline', reason: 'just here' })
  })

  it('switches rules off, and their waivers are then no longer unused', async () => {
    const settings = { disable: [{ rule: 'drop_column', reason: 'too loud' }] }
    const found = await lintSql(`-- lockstep: allow drop_column: nobody reads it\n${drop}`, { settings })
    expect(found).toEqual([])
  })

  it('is told of names that are no rules, with the nearest one', async () => {
    const settings = {
      disable: [{ rule: 'drop_colum', reason: 'too loud' }],
      waivers: [{ rule: 'quite_unknown_rule_name', reason: 'who knows' }],
    }
    expect(
      (await lintSql('select 1', { settings })).map(finding => [finding.severity, finding.message]),
    ).toEqual([
      ['error', 'lint.disable names drop_colum, which is no rule; did you mean drop_column?'],
      ['error', 'lint.waivers names quite_unknown_rule_name, which is no rule'],
    ])
  })
})

it('finds comments that speak to Lockstep, each with the statement that it speaks of', async () => {
  const sql = [
    '-- lockstep: allow a: first',
    'select 1; -- lockstep: allow b: behind it',
    '-- lockstep: no-transaction',
    'select',
    '  2 -- lockstep: allow c: inside',
    ';',
    '-- lockstep: allow d: nothing follows',
  ].join('\n')
  expect(readDirectives(sql, await parser.describe(sql))).toEqual([
    { line: 1, text: 'allow a: first', at: 2 },
    { line: 2, text: 'allow b: behind it', at: 2 },
    { line: 5, text: 'allow c: inside', at: 4 },
    { line: 7, text: 'allow d: nothing follows', at: null },
  ])
})
