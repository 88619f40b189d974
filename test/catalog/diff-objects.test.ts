import { expect, test } from 'vitest'
import { cutDefinitions } from '../../electron/catalog/cut-definitions.ts'
import { diffObjects, rankDifferences } from '../../electron/catalog/diff-objects.ts'
import type { PrintedItem } from '../../electron/catalog/printed-item.ts'

const item = (kind: string, ident: string, definition = ''): PrintedItem => ({ kind, ident, definition })

test('gives what each side holds of an object', () => {
  const expected = [
    item('index', 'public.x', 'old'),
    item('table', 'public.t'),
    item('view', 'public.v', 'q'),
  ]
  const found = [
    item('view', 'public.v', 'q'),
    item('column', 'public.t.c', 'text'),
    item('index', 'public.x', 'new'),
  ]
  expect(diffObjects(expected, found)).toEqual([
    { kind: 'column', object: 'public.t.c', change: 'added', expected: null, found: 'text' },
    { kind: 'index', object: 'public.x', change: 'changed', expected: 'old', found: 'new' },
    { kind: 'table', object: 'public.t', change: 'missing', expected: '', found: null },
  ])
})

test('takes objects of one name together, whatever their order', () => {
  const both = [item('constraint', 'public.t.c', 'a'), item('constraint', 'public.t.c', 'b')]
  expect(diffObjects(both, [...both].reverse())).toEqual([])
  expect(diffObjects(both, both.slice(0, 1))).toMatchObject([
    { change: 'changed', expected: 'a\nb', found: 'a' },
  ])
})

test('puts tables before rules, rules before rights, and words last', () => {
  const kinds = ['comment', 'acl', 'operator', 'trigger', 'column', 'table']
  const ranked = rankDifferences(
    diffObjects(
      kinds.map(kind => item(kind, 'x')),
      [],
    ),
  )
  expect(ranked.map(({ kind }) => kind)).toEqual(['table', 'column', 'trigger', 'operator', 'acl', 'comment'])
})

test('puts what is missing before what changed, and both before what came', () => {
  const ranked = rankDifferences(
    diffObjects([item('index', 'b', '1'), item('index', 'c')], [item('index', 'a'), item('index', 'b', '2')]),
  )
  expect(ranked.map(({ object, change }) => `${object} ${change}`)).toEqual([
    'c missing',
    'b changed',
    'a added',
  ])
})

test('keeps long definitions to the part where they begin to differ', () => {
  const start = 'x'.repeat(10_000)
  const difference = { kind: 'function', object: 'f', change: 'changed' } as const
  const cut = cutDefinitions({ ...difference, expected: `${start}old`, found: `${start}new${start}` })
  expect(cut.expected).toBe(`… ${'x'.repeat(200)}old`)
  expect(cut.found?.startsWith(`… ${'x'.repeat(200)}new`)).toBe(true)
  expect(cut.found?.endsWith(' …')).toBe(true)
  expect(cutDefinitions({ ...difference, expected: 'old', found: null })).toMatchObject({
    expected: 'old',
    found: null,
  })
})
