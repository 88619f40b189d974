import type { MigrationRoute, Plan, PlannedGroup, PlannedTenant } from '../../../shared/plan/plan.ts'
import { findRoute } from '../../../shared/plan/plan-selectors.ts'
import type { Cluster, Tenant, Topology } from '../../../shared/topology/topology.ts'

/** A plan, and where its tenants live. */
interface PlanInPlace {
  readonly plan: Plan
  readonly topology: Topology
}

/** A tenant that the plan moves, with everything a gate asks about it. */
export interface MigratingTenant {
  readonly tenant: Tenant
  readonly planned: PlannedTenant
  readonly group: PlannedGroup
  readonly route: MigrationRoute
}

/** Tenants with something to do, in the order of the plan. */
export function listMigratingTenants(context: PlanInPlace): readonly MigratingTenant[] {
  return context.plan.groups.flatMap(group =>
    group.tenants.flatMap(planned => {
      const route = findRoute(context.plan, planned)
      return route ? [{ tenant: toTenant(planned, context), planned, group, route }] : []
    }),
  )
}

/** Clusters that hold at least one of these tenants, in the order of the topology. */
export function clustersOf(
  tenants: readonly MigratingTenant[],
  clusters: readonly Cluster[],
): readonly Cluster[] {
  return clusters.filter(cluster => tenants.some(member => member.tenant.cluster === cluster.name))
}

function toTenant(planned: PlannedTenant, context: Pick<PlanInPlace, 'topology'>): Tenant {
  const known = context.topology.tenants.find(tenant => tenant.name === planned.tenant)
  if (known) return known
  const { tenant: name, cluster, database, schema } = planned
  return { name, cluster, database, ...(schema === undefined ? {} : { schema }), appRole: null }
}
