import { expect, test } from 'vitest'
import type { TableContents } from '../../../electron/engine/ports/shadows.ts'
import { judgeReversibility } from '../../../electron/engine/rehearsal/judge-reversibility.ts'
import type { TracedStatement } from '../../../shared/analysis/rehearsal.ts'

/** A table of two columns. */
function table(changes: Partial<TableContents> = {}): TableContents {
  const rows = changes.rows ?? 2
  return {
    table: 'public.users',
    identity: '16400',
    rows,
    columns: [
      { column: 'id', identity: '1', type: 'integer', filled: rows, digest: '11' },
      { column: 'email', identity: '2', type: 'text', filled: rows, digest: '22' },
    ],
    ...changes,
  }
}

function withEmail(changes: Partial<TableContents['columns'][number]>, of = table()): TableContents {
  return { ...of, columns: of.columns.map(one => (one.column === 'email' ? { ...one, ...changes } : one)) }
}

const statement: TracedStatement = {
  revision: '0002',
  index: 0,
  sql: '',
  durationMs: 1,
  rowCount: null,
  locks: [],
  rewrites: [],
  scans: [],
  invalid: [],
  transactional: true,
}

const judge = (
  back: readonly TableContents[],
  before = [table()],
  statements = [statement],
  hasRows = true,
) => judgeReversibility({ before, back, statements, hasRows })

test('loses nothing where every row and value comes back', () => {
  expect(judge([table()])).toEqual({
    verdict: 'lossless',
    evidence: ['1 table with 2 rows came back with every value'],
  })
})

test('does not mind what is there besides', () => {
  expect(judge([table(), table({ table: 'public.version' })]).verdict).toBe('lossless')
})

test('loses a table, rows, a column, and values', () => {
  expect(judge([]).evidence).toEqual(['public.users does not come back'])
  expect(judge([table({ rows: 1 })]).evidence).toEqual(['public.users: 2 rows before, 1 after'])
  const [id] = table().columns
  expect(judge([{ ...table(), columns: id ? [id] : [] }]).evidence).toEqual([
    'public.users.email does not come back',
  ])
  expect(judge([withEmail({ filled: 0, digest: '0', identity: '3' })]).evidence).toEqual([
    'public.users.email is dropped and added again: 2 values before, 0 after',
  ])
  expect(judge([withEmail({ digest: '23' })]).evidence).toEqual([
    'public.users.email: other values than before',
  ])
})

test('keeps a column or a table that is made again with all that it held', () => {
  expect(judge([withEmail({ identity: '3' })]).verdict).toBe('lossless')
  expect(judge([table({ identity: '16500' })]).verdict).toBe('lossless')
})

test('without rows it goes by what is dropped and recreated', () => {
  const empty = table({ rows: 0 })
  expect(judge([empty], [empty], [statement], false).verdict).toBe('lossless')
  expect(judge([withEmail({ identity: '3' }, empty)], [empty], [statement], false)).toEqual({
    verdict: 'lossy',
    evidence: ['public.users.email is dropped and added again: its values do not come back'],
  })
  expect(judge([table({ rows: 0, identity: '16500' })], [empty], [statement], false).evidence).toEqual([
    'public.users is dropped and recreated: rows do not come back',
  ])
})

test('without rows it takes for lossy what could have changed values', () => {
  const empty = table({ rows: 0 })
  const evidence = [
    'the copy has no rows, so whether values of public.users come back cannot be told; rehearsal.data: sample would tell',
  ]
  const rewriting = { ...statement, rewrites: ['public.users', 'public.users_pkey'] }
  expect(judge([empty], [empty], [rewriting], false)).toEqual({ verdict: 'lossy', evidence })
  const writing: TracedStatement = {
    ...statement,
    locks: [{ relation: 'public.users', kind: 'r', mode: 'RowExclusiveLock', isNew: true }],
  }
  expect(judge([empty], [empty], [writing], false)).toEqual({ verdict: 'lossy', evidence })
})

test('goes on where a table cannot be counted, and says so', () => {
  const hidden = table({ rows: 0, notCounted: 'a policy hides its rows' })
  const seen = table({ table: 'public.orders' })
  expect(judge([hidden, seen], [hidden, seen])).toEqual({
    verdict: 'lossless',
    evidence: [
      '1 table with 2 rows came back with every value',
      'not counted: public.users (a policy hides its rows); nothing rewrites or changes its rows',
    ],
  })
  expect(judge([hidden], [hidden])).toEqual({
    verdict: 'lossless',
    evidence: ['not counted: public.users (a policy hides its rows); nothing rewrites or changes its rows'],
  })
  const lock = { relation: 'public.users', kind: 'r', mode: 'RowExclusiveLock', isNew: true } as const
  expect(judge([hidden], [hidden], [{ ...statement, locks: [lock] }])).toEqual({
    verdict: 'lossy',
    evidence: [
      'not counted: public.users (a policy hides its rows), so whether its values come back cannot be told',
    ],
  })
  expect(judge([{ ...hidden, identity: '16500' }], [hidden]).evidence).toEqual([
    'public.users is dropped and recreated: its rows do not come back',
  ])
})
