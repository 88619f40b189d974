import type { MigrationRoute, Plan, PlannedTenant } from '../../../shared/plan/plan.ts'
import { listPlanned } from '../../../shared/plan/plan-selectors.ts'
import { listRouteClasses } from '../routes/list-route-classes.ts'

/** Tenants that take the same route from the same schema: what one of them does, all do. */
export interface RehearsalClass {
  readonly route: MigrationRoute
  /** Fingerprint that all of them start from. */
  readonly fingerprint: string
  readonly representative: PlannedTenant
  readonly tenants: readonly string[]
}

/** The members of a class, its representative first: who can take its place where it cannot be rehearsed. */
export function listRepresentatives(plan: Plan, member: RehearsalClass): readonly RehearsalClass[] {
  const members = listPlanned(plan).filter(one => member.tenants.includes(one.tenant))
  return members.map(representative => ({ ...member, representative }))
}

/** The classes of a plan, in the order in which it comes to the first tenant of each. */
export function listClasses(plan: Plan): readonly RehearsalClass[] {
  const order = new Map(listPlanned(plan).map((one, index) => [one.tenant, index]))
  const placeOf = ({ representative }: RehearsalClass): number => order.get(representative.tenant) ?? 0
  return listRouteClasses(plan)
    .flatMap(({ route, fingerprint, tenants }): readonly RehearsalClass[] => {
      const [representative] = tenants
      if (!representative) return []
      return [{ route, fingerprint, representative, tenants: tenants.map(one => one.tenant) }]
    })
    .toSorted((a, b) => placeOf(a) - placeOf(b))
}
