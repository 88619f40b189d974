import type { PlanFinding } from '../../../shared/analysis/finding.ts'
import { nearestKey } from '../../lib/nearest-key.ts'
import type { LintSettings } from '../../settings/policy.ts'
import type { Digest } from '../ports/digest.ts'
import { unknownRuleInWaiver } from './rules/waivers/unknown-rule-in-waiver.ts'

/** Finds names in the policy that are no rules: what they should accept is then not accepted. */
export function checkPolicy(
  { disable, waivers }: LintSettings,
  names: readonly string[],
  digest: Digest,
): readonly PlanFinding[] {
  const { name, why, remedy } = unknownRuleInWaiver
  const places = [
    ...disable.map(({ rule }) => ({ rule, key: 'lint.disable' })),
    ...waivers.map(({ rule }) => ({ rule, key: 'lint.waivers' })),
  ]
  return places.flatMap(({ rule, key }): readonly PlanFinding[] => {
    if (names.includes(rule)) return []
    const near = nearestKey(rule, names)
    const hint = near === null ? '' : `; did you mean ${near}?`
    return [
      {
        fingerprint: digest(JSON.stringify([name, key, rule])),
        source: 'lint',
        rule: name,
        severity: 'error',
        revision: null,
        statement: null,
        place: null,
        objects: [],
        tenants: [],
        message: `${key} names ${rule}, which is no rule${hint}`,
        why,
        remedy,
        saferSql: null,
        waived: null,
      },
    ]
  })
}
