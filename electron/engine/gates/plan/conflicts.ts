import type { FindingSeverity, PlanFinding } from '../../../../shared/analysis/finding.ts'
import { assertNever } from '../../../../shared/text/assert-never.ts'
import { countOf, listNames } from '../../../../shared/text/plain-words.ts'
import { nameGate } from '../../../settings/gate-specs.ts'
import { answerFromFindings, type Finding } from '../../checks/finding.ts'
import type { Gate } from '../../checks/gate.ts'

const threshold = 'nothing that surely fails'

/** Stops a run whose revisions contradict each other, or what the tenants hold. */
export const conflicts: Gate = {
  ...nameGate('conflicts'),
  async judge({ plan, analysis }) {
    if (plan.routes.length === 0) {
      return { verdict: 'not_applicable', value: 'nothing to migrate', threshold, evidence: [], remedy: '' }
    }
    const found = analysis.findings.filter(({ source }) => source === 'conflict')
    const open = found.filter(({ waived }) => waived === null)
    const findings = open.map(judgeFinding)
    const value = open.length === 0 ? 'nothing contradicts' : describeCounts(open)
    const isQuiet = findings.every(({ verdict }) => verdict === 'passed')
    if (isQuiet) {
      return {
        verdict: 'passed',
        value,
        threshold,
        evidence: findings.map(one => one.evidence).slice(0, 20),
        remedy: '',
      }
    }
    return answerFromFindings(findings, { value, threshold })
  },
}

function judgeFinding({ severity, revision, message, tenants, remedy }: PlanFinding): Finding {
  const whom = tenants.length === 0 ? '' : ` (in ${listNames(tenants, 10)})`
  const fact = `${revision === null ? '' : `${revision}: `}${message}${whom}`
  return { verdict: verdictOf(severity), evidence: { fact }, remedy: severity === 'note' ? '' : remedy }
}

function verdictOf(severity: FindingSeverity): Finding['verdict'] {
  switch (severity) {
    case 'error':
      return 'failed'
    case 'warning':
      return 'warned'
    case 'note':
      return 'passed'
    default:
      return assertNever(severity)
  }
}

function describeCounts(findings: readonly PlanFinding[]): string {
  const of = (severity: FindingSeverity) => findings.filter(one => one.severity === severity).length
  return (['error', 'warning', 'note'] as const)
    .flatMap(severity => (of(severity) === 0 ? [] : [countOf(of(severity), severity)]))
    .join(', ')
}
