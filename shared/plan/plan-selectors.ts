import type { MigrationRoute, Plan, PlannedGroup, PlannedTenant } from './plan.ts'

/** Every tenant of a plan in its order, moved or not. */
export function listPlanned({ groups }: Pick<Plan, 'groups'>): readonly PlannedTenant[] {
  return groups.flatMap(group => group.tenants)
}

/** The tenants that a plan moves, in its order; those at the target already are not among them. */
export function listMigrating({ groups }: Pick<Plan, 'groups'>): readonly PlannedTenant[] {
  return groups.flatMap(listMigratingOf)
}

/** The tenants of one group that the plan moves. */
export function listMigratingOf({ tenants }: Pick<PlannedGroup, 'tenants'>): readonly PlannedTenant[] {
  return tenants.filter(tenant => tenant.route !== null)
}

/** The groups of a plan that have something to do. */
export function listMigratingGroups({ groups }: Pick<Plan, 'groups'>): readonly PlannedGroup[] {
  return groups.filter(group => listMigratingOf(group).length > 0)
}

/** The route of a tenant; undefined for one that is at the target already. */
export function findRoute(
  { routes }: Pick<Plan, 'routes'>,
  { route: id }: Pick<PlannedTenant, 'route'>,
): MigrationRoute | undefined {
  return id === null ? undefined : routes.find(route => route.id === id)
}

/** How many revisions a tenant goes through; 0 for one that is at the target already. */
export function countSteps(plan: Pick<Plan, 'routes'>, planned: Pick<PlannedTenant, 'route'>): number {
  return findRoute(plan, planned)?.steps.length ?? 0
}

/** Closed databases that a plan passes over: whether they belong to the fleet, only a person can say. */
export function listClosed({ notes }: Pick<Plan, 'notes'>): readonly string[] {
  return notes.flatMap(note => note.closed ?? [])
}
