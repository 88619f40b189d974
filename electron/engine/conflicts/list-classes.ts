import type { Plan, PlannedTenant, Route } from '../../../shared/plan.ts'

/** Tenants that take one route from the same schema: what holds for one holds for all. */
export interface RouteClass {
  readonly route: Route
  readonly tenants: readonly PlannedTenant[]
  /** True for the largest of its route. */
  readonly isMain: boolean
}

/** Groups the tenants that migrate by route and fingerprint, the largest of each route first. */
export function listRouteClasses({ groups, routes }: Plan): readonly RouteClass[] {
  const tenants = groups.flatMap(group => group.tenants)
  return routes.flatMap(route => {
    const byFingerprint = new Map<string, PlannedTenant[]>()
    for (const tenant of tenants.filter(one => one.route === route.id)) {
      const known = byFingerprint.get(tenant.fingerprint)
      if (known) known.push(tenant)
      else byFingerprint.set(tenant.fingerprint, [tenant])
    }
    return [...byFingerprint.values()]
      .sort((a, b) => b.length - a.length)
      .map((members, index) => ({ route, tenants: members, isMain: index === 0 }))
  })
}
