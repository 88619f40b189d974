import type { FindingSeverity, PlanFinding } from '../../../shared/analysis/finding.ts'
import type { Digest } from '../ports/digest.ts'
import { type Conflict, conflictWords } from './conflict.ts'

/** A conflict and the tenants that it was seen for; null for every one. */
export interface FoundConflict {
  readonly conflict: Conflict
  readonly tenants: readonly string[] | null
}

const order: readonly FindingSeverity[] = ['note', 'warning', 'error']

/** Makes findings: what is said of several classes is said once, for all their tenants. */
export function makeConflictFindings(
  found: readonly FoundConflict[],
  migrating: readonly string[],
  digest: Digest,
): readonly PlanFinding[] {
  const merged = new Map<string, { conflict: Conflict; tenants: Set<string> | null }>()
  for (const { conflict, tenants } of found) {
    const { rule, revision, statement, objects, message } = conflict
    const key = JSON.stringify([rule, revision, statement, objects, message])
    const known = merged.get(key)
    if (!known) {
      merged.set(key, { conflict, tenants: tenants === null ? null : new Set(tenants) })
      continue
    }
    if (order.indexOf(conflict.severity) > order.indexOf(known.conflict.severity)) known.conflict = conflict
    if (tenants === null) known.tenants = null
    else for (const tenant of tenants) known.tenants?.add(tenant)
  }
  return [...merged.values()].map(({ conflict, tenants }) => {
    const { rule, severity, revision, statement, place, objects, message } = conflict
    const concerned = tenants === null ? [] : migrating.filter(name => tenants.has(name))
    return {
      // Neither line nor tenants are part of it, so that it stays the same when they change.
      fingerprint: digest(JSON.stringify([rule, place?.file ?? '', revision, objects, message])),
      source: 'conflict',
      rule,
      severity,
      revision,
      statement,
      place,
      objects,
      tenants: concerned.length === migrating.length ? [] : concerned,
      message,
      why: conflictWords[rule].why,
      remedy: conflictWords[rule].remedy,
      saferSql: null,
      waived: null,
    }
  })
}
