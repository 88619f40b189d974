import type { PlanFinding } from '../../shared/analysis/finding.ts'
import { listNames } from '../../shared/text/plain-words.ts'
import { cleanText } from './clean-text.ts'

/** A text of megabytes helps no one, and a thousand of them fill the memory. */
const longestPart = 8_000

/** A finding as a person reads it: what is wrong, why it hurts, what to do, for whom, and the safer form. */
export function describeFinding({ message, why, remedy, tenants, saferSql, waived }: PlanFinding): string {
  const cut = (text: string) => cleanText(text, longestPart)
  return [
    cut(message),
    cut(why),
    remedy === '' ? '' : `Instead: ${cut(remedy)}`,
    tenants.length === 0 ? '' : `Tenants: ${listNames(tenants, 10)}`,
    saferSql === null ? '' : `Safer:\n${cut(saferSql)}`,
    waived === null ? '' : `Accepted (${waived.by}): ${cut(waived.reason)}`,
  ]
    .filter(line => line !== '')
    .join('\n')
}
