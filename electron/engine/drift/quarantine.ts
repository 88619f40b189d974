import type { Quarantine } from '../../../shared/analysis/schema-class.ts'
import type { PlanNote } from '../../../shared/plan/plan.ts'
import { countOf, listNames } from '../../../shared/text/plain-words.ts'
import { matchNames } from '../topology/match-names.ts'

/** The tenants that the entries of the configuration match, by name; the first entry that matches gives the reason. */
export function resolveQuarantine(
  names: readonly string[],
  entries: readonly Quarantine[],
): readonly Quarantine[] {
  return names.flatMap(tenant => {
    const entry = entries.find(one => matchNames([tenant], one.tenant).length > 0)
    return entry ? [{ tenant, reason: entry.reason }] : []
  })
}

/** Who is left out of a plan, and why; and entries that match no tenant, which may be a typo. */
export function noteQuarantine(
  names: readonly string[],
  entries: readonly Quarantine[],
): readonly PlanNote[] {
  const left = resolveQuarantine(names, entries)
  const reasons = [...new Set(left.map(({ reason }) => reason))]
  const leftOut = reasons.map(reason => {
    const tenants = left.filter(one => one.reason === reason).map(one => one.tenant)
    return `left out by quarantine: ${countOf(tenants.length, 'tenant')} (${listNames(tenants)}): ${reason}`
  })
  const unmatched = entries
    .filter(entry => matchNames(names, entry.tenant).length === 0)
    .map(({ tenant }) => `drift.quarantine names "${tenant}", which matches no tenant`)
  return [...leftOut, ...unmatched].map(text => ({ kind: 'quarantined', text }))
}
