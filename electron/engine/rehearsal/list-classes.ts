import type { Plan, PlannedTenant, Route } from '../../../shared/plan.ts'
import { findRoute, listPlanned } from '../../../shared/plan-selectors.ts'

/** Tenants that take the same route from the same schema: what one of them does, all do. */
export interface RehearsalClass {
  readonly route: Route
  /** Fingerprint that all of them start from. */
  readonly fingerprint: string
  readonly representative: PlannedTenant
  readonly tenants: readonly string[]
}

/** The members of a class, its representative first: who can take its place where it cannot be rehearsed. */
export function listCandidates(plan: Plan, member: RehearsalClass): readonly RehearsalClass[] {
  const members = listPlanned(plan).filter(one => member.tenants.includes(one.tenant))
  return members.map(representative => ({ ...member, representative }))
}

/** The classes of a plan, in its order. */
export function listClasses(plan: Plan): readonly RehearsalClass[] {
  const classes = new Map<string, RehearsalClass>()
  for (const planned of listPlanned(plan)) {
    const route = findRoute(plan, planned)
    if (!route) continue
    const key = `${route.id}/${planned.fingerprint}`
    const known = classes.get(key)
    const first = { route, fingerprint: planned.fingerprint, representative: planned, tenants: [] }
    const { tenants, ...rest } = known ?? first
    classes.set(key, { ...rest, tenants: [...tenants, planned.tenant] })
  }
  return [...classes.values()]
}
