import { describe, expect, it } from 'vitest'
import { applyWaiver } from '../../../../electron/engine/checks/judge-gate.ts'
import { conflicts } from '../../../../electron/engine/gates/plan/conflicts.ts'
import type { PlanFinding } from '../../../../shared/analysis/finding.ts'
import { brief, searchSql } from '../../conflicts/conflict-fixture.ts'
import { makePlanned } from '../../sample-plans.ts'
import { createContext, never } from '../fake-context.ts'

function contextWith(findings: readonly PlanFinding[], changes: object = {}) {
  const context = createContext()
  return { ...context, ...changes, analysis: { ...context.analysis, findings } }
}

describe('the gate of conflicts', () => {
  it('lets through where nothing contradicts, and where there are only notes', async () => {
    expect(await conflicts.judge(contextWith([]), never)).toMatchObject({
      verdict: 'passed',
      value: 'nothing contradicts',
    })
    const [note] = await searchSql('drop table gone')
    const noted = contextWith([{ ...(note as PlanFinding), severity: 'note' }])
    expect(await conflicts.judge(noted, never)).toMatchObject({
      verdict: 'passed',
      value: '1 note',
      remedy: '',
    })
  })

  it('stops what surely fails, and says for whom and what to do', async () => {
    const findings = await searchSql('drop table gone; alter table orders alter column total type bigint')
    expect(findings.map(brief)).toHaveLength(2)
    const [first, ...rest] = findings
    const answer = await conflicts.judge(
      contextWith([{ ...(first as PlanFinding), tenants: ['birch'] }, ...rest]),
      never,
    )
    expect(answer).toMatchInlineSnapshot(`
      {
        "evidence": [
          {
            "fact": "0002: the statement drops table public.gone, which is not there (in birch)",
          },
          {
            "fact": "0002: column public.orders.total cannot get another type: view public.order_totals needs it",
          },
        ],
        "remedy": "Bring these tenants to the schema of the others first, leave them out, or write if exists.
      Drop what depends on it first, and recreate it afterwards, in the same revision.",
        "threshold": "nothing that surely fails",
        "value": "2 errors",
        "verdict": "failed",
      }
    `)
  })

  it('warns of what may fail, and leaves what lint found to its own gate', async () => {
    const [found] = await searchSql('do $$begin null; end$$; drop table gone')
    const lint = { ...(found as PlanFinding), source: 'lint', severity: 'error' } as const
    expect(await conflicts.judge(contextWith([found as PlanFinding, lint]), never)).toMatchObject({
      verdict: 'warned',
      value: '1 warning',
    })
  })

  it('does not apply where there is nothing to migrate, and opens by a waiver', async () => {
    const idle = contextWith([], { plan: makePlanned({ routes: [] }) })
    expect((await conflicts.judge(idle, never)).verdict).toBe('not_applicable')
    const stopped = await conflicts.judge(contextWith(await searchSql('drop table gone')), never)
    expect(
      applyWaiver('conflicts', stopped, [{ gate: 'conflicts', reason: 'the table comes by hand' }]).verdict,
    ).toBe('waived')
  })
})
