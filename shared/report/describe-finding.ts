import type { PlanFinding } from '../foresight/finding.ts'
import { listNames } from '../plain-words.ts'

/** A finding as a person reads it: what is wrong, why it hurts, what to do, for whom, and the safer form. */
export function describeFinding({ message, why, remedy, tenants, saferSql, waived }: PlanFinding): string {
  return [
    message,
    why,
    remedy === '' ? '' : `Instead: ${remedy}`,
    tenants.length === 0 ? '' : `Tenants: ${listNames(tenants, 10)}`,
    saferSql === null ? '' : `Safer:\n${saferSql}`,
    waived === null ? '' : `Accepted (${waived.by}): ${waived.reason}`,
  ]
    .filter(line => line !== '')
    .join('\n')
}
