import type { FindingSeverity, PlanFinding } from '../../../shared/analysis/finding.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { type GateAnswer, weighVerdict } from '../../../shared/plan/verdict.ts'
import { suggest } from './suggest.ts'

const choices = ['error', 'warning'] as const

/** The weakest finding or verdict that fails a plan, as `--fail-on` says it; null when nothing does. */
export function readFailOn(given: string | undefined): FindingSeverity | null {
  if (given === undefined) return null
  const known = choices.find(choice => choice === given)
  if (known) return known
  throw new LockstepError({
    kind: 'usage',
    problem: `--fail-on knows no "${given}"`,
    fix: suggest(given, choices),
  })
}

/** Says whether something that was not accepted is as severe as that: a finding, or the answer of a gate. */
export function reachesSeverity(
  findings: readonly PlanFinding[],
  gates: readonly { readonly answer: GateAnswer }[],
  failOn: FindingSeverity | null,
): boolean {
  const severities = [
    ...findings.filter(({ waived }) => waived === null).map(({ severity }) => severity),
    ...gates.map(({ answer }) => weighVerdict(answer.verdict)),
  ]
  return severities.some(
    severity => severity !== null && (severity === 'error' ? failOn !== null : severity === failOn),
  )
}
