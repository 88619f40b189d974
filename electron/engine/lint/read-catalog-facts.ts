import type { Plan } from '../../../shared/plan/plan.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { SchemaFacts } from '../ports/schema-facts.ts'
import { type CatalogFacts, gatherCatalogFacts, type TenantCatalogFacts } from './rule/catalog-facts.ts'

/** Asks every tenant for the sizes of its tables, and one of each schema for the rest. */
export async function readCatalogFacts(
  plan: Plan,
  topology: Topology,
  largeTableRows: number,
  facts: SchemaFacts,
  signal: AbortSignal,
): Promise<CatalogFacts> {
  const planned = listMigrating(plan)
  const seen = new Set<string>()
  const asked = planned.flatMap(({ tenant: name, fingerprint }) => {
    const tenant = topology.tenants.find(candidate => candidate.name === name)
    const isFirst = !seen.has(fingerprint)
    seen.add(fingerprint)
    return tenant ? [{ tenant, isFirst }] : []
  })
  const known = await mapConcurrently(asked, 8, async ({ tenant, isFirst }): Promise<TenantCatalogFacts> => {
    const tables = await facts.readTables(tenant, signal)
    const shapes = isFirst ? await facts.readShapes(tenant, signal) : null
    const policies = await facts.readPolicies(tenant, signal)
    return { tenant: tenant.name, tables, shapes, policies }
  })
  const clusters = new Set(planned.map(tenant => tenant.cluster))
  const versions = topology.clusters
    .filter(cluster => clusters.has(cluster.name))
    .map(cluster => cluster.primary.version)
  return gatherCatalogFacts(known, versions, largeTableRows)
}
