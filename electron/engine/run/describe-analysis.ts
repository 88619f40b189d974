import type { FindingSeverity, PlanFinding } from '../../../shared/analysis/finding.ts'
import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { RunFact } from '../../../shared/run/run-event.ts'

/** What was known beforehand, as far as it belongs to the story of a run: the whole of it lies beside the plan. */
export function describeAnalysis({ findings, classes, rehearsal, notRehearsed }: PlanAnalysis): RunFact {
  return {
    type: 'plan.foreseen',
    findings: selectMostSevere(findings, 200),
    classes: classes.map(({ fingerprint, heads, tenants, isMain }) => ({
      fingerprint,
      heads,
      tenants,
      isMain,
    })),
    rehearsed: rehearsal !== null,
    notRehearsed,
  }
}

/** As many findings as have room, the heaviest of them, in the order of the plan. */
export function selectMostSevere(findings: readonly PlanFinding[], room: number): readonly PlanFinding[] {
  if (findings.length <= room) return findings
  const weight = ({ severity, waived }: PlanFinding) => order.indexOf(severity) + (waived ? order.length : 0)
  const ranked = findings.toSorted((a, b) => weight(a) - weight(b))
  const kept = new Set(ranked.slice(0, room))
  return findings.filter(finding => kept.has(finding))
}

const order: readonly FindingSeverity[] = ['error', 'warning', 'note']

/** Where the revisions come from. */
export function describeSource({ source, revisions, heads, origin }: MigrationGraph): RunFact {
  const { path = null, why = null } = origin.interpreter ?? {}
  return {
    type: 'source.described',
    source,
    revisions: revisions.length,
    heads,
    volatile: { interpreter: path, why },
  }
}
