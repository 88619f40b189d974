import type { Evidence, GateAnswer, Verdict } from '../../../shared/plan/verdict.ts'
import { worstVerdict } from '../../../shared/plan/verdict.ts'

/** One thing that a gate noticed, and what to do about it. */
export interface Finding {
  readonly verdict: Exclude<Verdict, 'waived'>
  readonly evidence: Evidence
  /** Empty when there is nothing to do. */
  readonly remedy: string
}

/** How many facts an answer shows before it says how many more there are. */
export const shownEvidence = 20
const shownRemedies = 8

/** Makes one answer of all findings: the worst decides, the worst come first, and long lists are cut. */
export function answerFromFindings(
  findings: readonly Finding[],
  measure: { readonly value: string; readonly threshold: string },
): GateAnswer {
  const verdict = worstVerdict(findings.map(finding => finding.verdict))
  const ordered = order.flatMap(word => findings.filter(finding => finding.verdict === word))
  const acting = ordered.filter(finding => finding.verdict !== 'passed' && finding.remedy !== '')
  return {
    verdict,
    value: measure.value,
    threshold: measure.threshold,
    evidence: capEvidence(ordered.map(finding => finding.evidence)),
    remedy: capLines([...new Set(acting.map(finding => finding.remedy))]),
  }
}

/** Keeps the first facts and says how many are left out. */
export function capEvidence(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length <= shownEvidence) return evidence
  const hidden = evidence.length - shownEvidence
  return [...evidence.slice(0, shownEvidence), { fact: `and ${hidden} more` }]
}

const order = ['failed', 'inconclusive', 'warned', 'passed', 'not_applicable'] as const

function capLines(lines: readonly string[]): string {
  if (lines.length <= shownRemedies) return lines.join('\n')
  return [...lines.slice(0, shownRemedies), `and ${lines.length - shownRemedies} more like these`].join('\n')
}
