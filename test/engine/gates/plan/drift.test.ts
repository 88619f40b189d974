import { expect, test } from 'vitest'
import { drift } from '../../../../electron/engine/gates/plan/drift.ts'
import type { SchemaClass } from '../../../../shared/analysis/schema-class.ts'
import { createContext, never } from '../fake-context.ts'

const main: SchemaClass = {
  fingerprint: 'print',
  heads: ['a0'],
  tenants: ['ash', 'birch'],
  isMain: true,
  differences: [],
}
const outlier: SchemaClass = {
  ...main,
  fingerprint: 'other',
  tenants: ['cedar'],
  isMain: false,
  differences: ['a', 'b', 'c', 'd'].map(name => ({
    kind: 'column',
    object: `public.t.${name}`,
    change: 'missing',
    expected: 'text',
    found: null,
  })),
}

function judge(classes: readonly SchemaClass[], onOutlier: 'warn' | 'stop' = 'warn') {
  const { analysis } = createContext()
  return drift.judge(createContext({ analysis: { ...analysis, classes }, drift: { onOutlier } }), never)
}

test('lets one class per revision through', async () => {
  const later = { ...main, heads: ['a1'], fingerprint: 'later', tenants: ['cedar'] }
  expect(await judge([main, later], 'stop')).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "one class of schemas per revision",
      "value": "2 classes at 2 revisions, 3 tenants",
      "verdict": "passed",
    }
  `)
})

test('warns of a tenant that differs, with the objects and what to do', async () => {
  expect(await judge([main, outlier])).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "differs from the others at a0: - column public.t.a, - column public.t.b, - column public.t.c and 1 more",
          "tenant": "cedar",
        },
      ],
      "remedy": "See how: lockstep drift
    Then repair it by a revision or by hand, or leave it out under drift.quarantine in lockstep.yml, with the reason.",
      "threshold": "one class of schemas per revision",
      "value": "2 classes at 1 revision, 3 tenants",
      "verdict": "warned",
    }
  `)
})

test('stops at a tenant that differs where the policy says so', async () => {
  const two = { ...outlier, tenants: ['cedar', 'elm'], differences: outlier.differences.slice(0, 1) }
  expect(await judge([main, two], 'stop')).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "2 tenants (cedar, elm) differ from the others at a0: - column public.t.a",
        },
      ],
      "remedy": "See how: lockstep drift
    Then repair them by a revision or by hand, or leave them out under drift.quarantine in lockstep.yml, with the reason.",
      "threshold": "one class of schemas per revision",
      "value": "2 classes at 1 revision, 4 tenants",
      "verdict": "failed",
    }
  `)
})

test('says so where a schema could not be compared', async () => {
  expect((await judge([main, { ...outlier, differences: [] }])).evidence).toEqual([
    { tenant: 'cedar', fact: 'differs from the others at a0; its schema was not compared object by object' },
  ])
})

test('does not apply where no tenant was compared', async () => {
  expect(await judge([])).toMatchObject({ verdict: 'not_applicable' })
})
