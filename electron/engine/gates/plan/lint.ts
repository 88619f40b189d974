import type { PlanFinding } from '../../../../shared/analysis/finding.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import type { LintSettings } from '../../../settings/policy.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate } from '../../checks/gate.ts'

/** Stops a plan that holds statements of which it is known how they go wrong. */
export const lint: Gate = {
  ...nameGate('lint'),
  async judge({ analysis, plan, lint: { failOn } }) {
    const threshold = thresholds[failOn]
    if (plan.routes.length === 0) {
      return { verdict: 'not_applicable', value: 'nothing to examine', threshold, evidence: [], remedy: '' }
    }
    const found = analysis.findings.filter(finding => finding.source === 'lint')
    const value = describeCount(found)
    const findings = found.flatMap(finding => judgeFinding(finding, failOn))
    if (findings.length > 0) return answerFromFindings(findings, { value, threshold })
    return { verdict: 'passed', value, threshold, evidence: [], remedy: '' }
  },
}

const thresholds: Readonly<Record<LintSettings['failOn'], string>> = {
  error: 'no error',
  warning: 'no error and no warning',
  never: 'stops nothing',
}

/** Notes are for reading: the plan shows them, and they move no verdict. */
function judgeFinding(finding: PlanFinding, failOn: LintSettings['failOn']): readonly Finding[] {
  const { severity, waived } = finding
  if (severity === 'note') return []
  const fact = `${describePlace(finding)}${finding.rule}: ${finding.message}`
  if (waived) {
    return [{ verdict: 'passed', evidence: { fact: `${fact} (accepted: ${waived.reason})` }, remedy: '' }]
  }
  const stops = failOn === 'warning' || (failOn === 'error' && severity === 'error')
  return [
    {
      verdict: stops ? 'failed' : 'warned',
      evidence: { fact },
      remedy: `${finding.rule}: ${finding.remedy}`,
    },
  ]
}

function describePlace({ place, revision }: PlanFinding): string {
  if (place === null) return revision === null ? '' : `revision ${revision}: `
  return place.line === null ? `${place.file}: ` : `${place.file}:${place.line}: `
}

function describeCount(found: readonly PlanFinding[]): string {
  const open = found.filter(finding => finding.waived === null)
  const count = (severity: PlanFinding['severity']) =>
    open.filter(finding => finding.severity === severity).length
  const accepted = found.length - open.length
  return [
    countOf(count('error'), 'error'),
    countOf(count('warning'), 'warning'),
    countOf(count('note'), 'note'),
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
  ].join(', ')
}
