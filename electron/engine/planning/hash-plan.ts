import type { Plan } from '../../../shared/plan/plan.ts'
import type { Digest } from '../ports/digest.ts'

/** The hash of a plan: the same for the same work, whatever the machine, the clock or the ports. */
export function hashPlan(plan: Omit<Plan, 'planId'>, digest: Digest): string {
  return digest(JSON.stringify(sortKeys(plan)))
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]))
}
