import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import type { Plan, PlannedStep } from '../../../shared/plan/plan.ts'
import type { LintSettings } from '../../settings/policy.ts'
import { parseWaiver } from '../lint/statements/parse-waiver.ts'

/** Marks conflicts that were accepted, beside the statement or in the policy, and leaves out those of rules that are switched off. */
export function acceptConflicts(
  findings: readonly PlanFinding[],
  plan: Plan,
  { disable, waivers }: LintSettings,
): readonly PlanFinding[] {
  const disabled = new Set(disable.map(({ rule }) => rule))
  const steps = new Map(plan.routes.flatMap(({ steps }) => steps.map(step => [step.revision, step] as const)))
  return findings
    .filter(({ rule }) => !disabled.has(rule))
    .map(finding => {
      const step = finding.revision === null ? undefined : steps.get(finding.revision)
      const waived = findInline(finding, step) ?? findPolicy(finding, waivers)
      return waived === null ? finding : { ...finding, waived }
    })
}

/** A comment speaks of the statement that it stands at; for what is said of a whole revision, any of its comments will do. */
function findInline(
  { rule, statement, place }: PlanFinding,
  step: PlannedStep | undefined,
): PlanFinding['waived'] {
  const found = (step?.directives ?? [])
    .filter(({ at }) => statement === null || at === (place?.line ?? null))
    .map(({ text, line }) => parseWaiver(text, line))
    .find(waiver => waiver.rule === rule && waiver.reason.length >= 3)
  return found ? { by: 'inline', reason: found.reason } : null
}

function findPolicy(
  { rule, revision }: PlanFinding,
  waivers: LintSettings['waivers'],
): PlanFinding['waived'] {
  const found = waivers.find(
    waiver => waiver.rule === rule && (waiver.revision === undefined || waiver.revision === revision),
  )
  return found ? { by: 'policy', reason: found.reason } : null
}
