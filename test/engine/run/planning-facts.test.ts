import { expect, it } from 'vitest'
import { selectMostSevere } from '../../../electron/engine/run/describe-analysis.ts'
import type { PlanFinding } from '../../../shared/analysis/finding.ts'

function found(
  rule: string,
  severity: PlanFinding['severity'],
  waived: PlanFinding['waived'] = null,
): PlanFinding {
  const nothing = { fingerprint: rule, why: '', remedy: '', message: '', saferSql: null }
  return {
    ...nothing,
    source: 'lint',
    rule,
    severity,
    waived,
    revision: null,
    statement: null,
    place: null,
    objects: [],
    tenants: [],
  }
}

it('keeps the heaviest findings of a long list, in the order of the plan', () => {
  const accepted = found('accepted', 'error', { by: 'policy', reason: 'agreed' })
  const findings = [
    found('first', 'note'),
    accepted,
    found('second', 'warning'),
    found('third', 'note'),
    found('fourth', 'error'),
  ]
  const kept = (room: number) => selectMostSevere(findings, room).map(finding => finding.rule)
  expect(kept(5)).toEqual(['first', 'accepted', 'second', 'third', 'fourth'])
  expect(kept(2)).toEqual(['second', 'fourth'])
  expect(kept(3)).toEqual(['first', 'second', 'fourth'])
})
