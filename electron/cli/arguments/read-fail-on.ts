import type { FindingSeverity, PlanFinding } from '../../../shared/analysis/finding.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import { suggest } from './suggest.ts'

const choices = ['error', 'warning'] as const

/** The weakest finding that fails a plan, as `--fail-on` says it; null when nothing does. */
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

/** Says whether something that was not accepted is as severe as that. */
export function reachesSeverity(findings: readonly PlanFinding[], failOn: FindingSeverity | null): boolean {
  return findings.some(
    ({ severity, waived }) =>
      waived === null && (severity === 'error' ? failOn !== null : severity === failOn),
  )
}
