import { expect, test } from 'vitest'
import { lint } from '../../../../electron/engine/gates/plan/lint.ts'
import type { PlanFinding } from '../../../../shared/analysis/finding.ts'
import { createContext, never } from '../fake-context.ts'

function found(changes: Partial<PlanFinding> = {}): PlanFinding {
  return {
    fingerprint: 'print',
    source: 'lint',
    rule: 'drop_table',
    severity: 'error',
    revision: 'a1',
    statement: 0,
    place: { file: 'versions/a1.py', line: 12 },
    objects: ['public.orders'],
    tenants: [],
    message: 'the data of orders (about 2,000,000 rows) is gone',
    why: 'Its data is gone with the commit.',
    remedy: 'Rename it first and wait.',
    saferSql: null,
    waived: null,
    ...changes,
  }
}

function contextWith(findings: readonly PlanFinding[], failOn: 'error' | 'warning' | 'never' = 'error') {
  const context = createContext()
  return { ...context, lint: { failOn }, analysis: { ...context.analysis, findings } }
}

test('lets through when there are only notes, and counts them', async () => {
  expect(await lint.judge(contextWith([found({ severity: 'note' })]), never)).toMatchInlineSnapshot(`
    {
      "evidence": [],
      "remedy": "",
      "threshold": "no error",
      "value": "0 errors, 0 warnings, 1 note",
      "verdict": "passed",
    }
  `)
})

test('stops at an error, and says where it stands and what to do', async () => {
  const context = contextWith([found({ severity: 'warning', rule: 'drop_column' }), found()])
  expect(await lint.judge(context, never)).toMatchInlineSnapshot(`
    {
      "evidence": [
        {
          "fact": "versions/a1.py:12: drop_table: the data of orders (about 2,000,000 rows) is gone",
        },
        {
          "fact": "versions/a1.py:12: drop_column: the data of orders (about 2,000,000 rows) is gone",
        },
      ],
      "remedy": "drop_table: Rename it first and wait.
    drop_column: Rename it first and wait.",
      "threshold": "no error",
      "value": "1 error, 1 warning, 0 notes",
      "verdict": "failed",
    }
  `)
})

test('stops at a warning, or at nothing, where the policy says so', async () => {
  const warning = found({ severity: 'warning' })
  expect(await lint.judge(contextWith([warning], 'warning'), never)).toMatchObject({ verdict: 'failed' })
  expect(await lint.judge(contextWith([warning]), never)).toMatchObject({ verdict: 'warned' })
  expect(await lint.judge(contextWith([found()], 'never'), never)).toMatchObject({
    verdict: 'warned',
    threshold: 'stops nothing',
  })
})

test('shows what was accepted, and does not stop at it', async () => {
  const waived = found({ waived: { by: 'inline', reason: 'nobody reads it' } })
  expect(await lint.judge(contextWith([waived]), never)).toMatchObject({
    verdict: 'passed',
    value: '0 errors, 0 warnings, 0 notes, 1 accepted',
    evidence: [
      { fact: expect.stringMatching(/^versions\/a1\.py:12: drop_table: .*\(accepted: nobody reads it\)$/) },
    ],
  })
})

test('has nothing to do with conflicts, and nothing to say when nothing will run', async () => {
  expect(await lint.judge(contextWith([found({ source: 'conflict' })]), never)).toMatchObject({
    verdict: 'passed',
  })
  const context = contextWith([])
  const idle = { ...context, plan: { ...context.plan, routes: [] } }
  expect(await lint.judge(idle, never)).toMatchObject({ verdict: 'not_applicable' })
})
