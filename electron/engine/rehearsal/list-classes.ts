import type { Plan, PlannedTenant, Route } from '../../../shared/plan.ts'

/** Tenants that take the same route from the same schema: what one of them does, all do. */
export interface RehearsalClass {
  readonly route: Route
  /** Fingerprint that all of them start from. */
  readonly fingerprint: string
  readonly representative: PlannedTenant
  readonly tenants: readonly string[]
}

/** The members of a class, its representative first: who can take its place where it cannot be rehearsed. */
export function listCandidates({ groups }: Plan, member: RehearsalClass): readonly RehearsalClass[] {
  const members = groups.flatMap(group => group.tenants).filter(one => member.tenants.includes(one.tenant))
  return members.map(representative => ({ ...member, representative }))
}

/** The classes of a plan, in its order. */
export function listClasses({ groups, routes }: Plan): readonly RehearsalClass[] {
  const classes = new Map<string, RehearsalClass>()
  for (const planned of groups.flatMap(group => group.tenants)) {
    const route = routes.find(candidate => candidate.id === planned.route)
    if (!route) continue
    const key = `${route.id}/${planned.fingerprint}`
    const known = classes.get(key)
    const first = { route, fingerprint: planned.fingerprint, representative: planned, tenants: [] }
    const { tenants, ...rest } = known ?? first
    classes.set(key, { ...rest, tenants: [...tenants, planned.tenant] })
  }
  return [...classes.values()]
}
