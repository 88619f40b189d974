import { groupClasses, listPlannedSchemas } from '../../../shared/analysis/group-classes.ts'
import type { MigrationRoute, Plan, PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute, listPlanned } from '../../../shared/plan/plan-selectors.ts'

/** Tenants that take one route from the same schema: what one of them does, all do. */
export interface RouteClass {
  readonly route: MigrationRoute
  /** Fingerprint that all of them start from. */
  readonly fingerprint: string
  /** In the order of the plan. */
  readonly tenants: readonly PlannedTenant[]
  /** True for the largest of its route. */
  readonly isMain: boolean
}

/** The classes of a plan's tenants that have something to do, route by route, the main class of each first. */
export function listRouteClasses(plan: Plan): readonly RouteClass[] {
  const planned = new Map(listPlanned(plan).map(one => [one.tenant, one]))
  const classes = groupClasses(listPlannedSchemas(plan)).flatMap(
    ({ fingerprint, tenants: names, isMain }): readonly RouteClass[] => {
      const tenants = names.flatMap(name => planned.get(name) ?? [])
      const [first] = tenants
      const route = first && findRoute(plan, first)
      return route ? [{ route, fingerprint, tenants, isMain }] : []
    },
  )
  return plan.routes.flatMap(route => classes.filter(one => one.route === route))
}
