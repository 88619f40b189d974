import type { ComparisonRow, RunComparison } from '../../../shared/api/run-view.ts'
import { countOf } from '../../../shared/text/plain-words.ts'

/** A comparison in the order in which it is read: what differs, then what does not. */
export interface SortedComparison {
  readonly differing: readonly ComparisonRow[]
  readonly equal: readonly ComparisonRow[]
  /** Tenants that did not end the same way in both. */
  readonly tenants: RunComparison['tenants']
}

/** Puts the differences first; the order of the engine stays within both. */
export function sortComparison({ rows, tenants }: RunComparison): SortedComparison {
  return {
    differing: rows.filter(row => !row.equal),
    equal: rows.filter(row => row.equal),
    tenants: tenants.filter(tenant => tenant.left !== tenant.right),
  }
}

/** The answer in one sentence. */
export function sayComparison({ differing, tenants }: SortedComparison): string {
  if (differing.length === 0 && tenants.length === 0) return 'The two runs do not differ'
  const points = differing.length === 0 ? 'no point' : countOf(differing.length, 'point')
  const ended =
    tenants.length === 0
      ? 'every tenant ended the same way'
      : `${countOf(tenants.length, 'tenant')} ended differently`
  return `The two runs differ in ${points}; ${ended}`
}

/** What a row is about, such as "gate foreign_keys". */
export function nameRow({ topic, name }: ComparisonRow): string {
  return topic === 'phase' || topic === 'gate' || topic === 'group' ? `${topic} ${name}` : name
}
