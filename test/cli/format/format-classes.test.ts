import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { formatClasses, formatOutliers } from '../../../electron/cli/format/format-classes.ts'
import type { ObjectDifference, SchemaClass } from '../../../shared/analysis/schema-class.ts'

const main: SchemaClass = {
  fingerprint: 'print',
  heads: ['0002'],
  tenants: ['ash', 'birch'],
  isMain: true,
  differences: [],
}
const columns = Array.from(
  { length: 50 },
  (_, index): ObjectDifference => ({
    kind: 'column',
    object: `public.t.c${index}`,
    change: 'missing',
    expected: 'text',
    found: null,
  }),
)
const outlier: SchemaClass = { ...main, tenants: ['cedar'], isMain: false, differences: columns }

/** A pipeline may ask for colours. */
function plainClasses(...given: Parameters<typeof formatClasses>): string {
  return stripVTControlCharacters(formatClasses(...given))
}

test('says nothing of classes in a plan whose tenants look alike', () => {
  expect(formatOutliers([main])).toBe('')
})

test('names an outlier with its first objects in a plan', () => {
  expect(stripVTControlCharacters(formatOutliers([main, outlier]))).toBe(
    '\nSchemas  3 tenants in 2 classes of schemas at 1 revision\n' +
      '  cedar  differs from the others at 0002: - column public.t.c0, - column public.t.c1, - column public.t.c2 and 47 more\n' +
      '  see how: lockstep drift\n',
  )
})

test('cuts long lists of objects, and says where the rest is', () => {
  const text = plainClasses([main, outlier])
  expect(text).toContain(
    '- column public.t.c39\n        expected  text\n    and 10 more: lockstep drift --json\n',
  )
})

test('shows the part of a long definition that differs, on one line', () => {
  const body = 'x'.repeat(500)
  const differences: readonly ObjectDifference[] = [
    {
      kind: 'function',
      object: 'public.f()',
      change: 'changed',
      expected: `${body}\nold`,
      found: `${body}\n\u001b[31mnew`,
    },
  ]
  const text = plainClasses([main, { ...outlier, differences }])
  expect(text).toContain(
    `        expected  … ${'x'.repeat(39)} old\n        found     … ${'x'.repeat(39)} [31mnew\n`,
  )
})

test('says so where an outlier was not compared', () => {
  expect(plainClasses([main, { ...outlier, tenants: ['cedar', 'elm'], differences: [] }])).toContain(
    '2 tenants (cedar, elm) differ from the others at 0002\n    not compared object by object\n',
  )
})
