import type { FindingSeverity, PlanFinding } from '../../shared/analysis/finding.ts'
import { countOf } from '../../shared/text/plain-words.ts'
import type { Status } from '../status/status.ts'

const statuses: Readonly<Record<FindingSeverity, Status>> = {
  error: 'failed',
  warning: 'warned',
  note: 'pending',
}

/** The state of a finding among those that the dashboard shows; an accepted one says so first. */
export function statusOfFinding(finding: PlanFinding): Status {
  return finding.waived ? 'waived' : statuses[finding.severity]
}

/** How a finding weighs, in a word. */
export function wordOfFinding(finding: PlanFinding): string {
  return finding.waived ? `${finding.severity}, waived` : finding.severity
}

/** Findings in numbers: what stops, what warns, what is for reading, what was accepted. */
export function tallyFindings(findings: readonly PlanFinding[]): string {
  if (findings.length === 0) return 'Nothing was found'
  const open = findings.filter(one => one.waived === null)
  const count = (severity: FindingSeverity): number => open.filter(one => one.severity === severity).length
  const parts = [
    [count('error'), 'error'],
    [count('warning'), 'warning'],
    [count('note'), 'note'],
  ] as const
  const words = parts.flatMap(([number, noun]) => (number === 0 ? [] : [countOf(number, noun)]))
  const waived = findings.length - open.length
  return [...words, ...(waived === 0 ? [] : [`${waived} waived`])].join(', ')
}

const weights: Readonly<Record<FindingSeverity, number>> = { error: 0, warning: 1, note: 2 }

/** Findings with the worst first and accepted ones last; within these, in the order of the plan. */
export function sortFindings(findings: readonly PlanFinding[]): readonly PlanFinding[] {
  const weigh = (one: PlanFinding): number => weights[one.severity] + (one.waived ? 3 : 0)
  return findings.toSorted((a, b) => weigh(a) - weigh(b))
}

/** Findings about one statement of a revision. */
export function findingsAt(
  findings: readonly PlanFinding[],
  revision: string,
  statement: number,
): readonly PlanFinding[] {
  return sortFindings(findings.filter(one => one.revision === revision && one.statement === statement))
}
