import { toFailure } from '../../../shared/failure/failure.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { nameFailure } from '../checks/name-failure.ts'
import { type DependentIndex, indexDependents } from './check-dependents.ts'
import type { ConflictPorts } from './conflict-ports.ts'
import type { StartingSchema } from './schema-state.ts'

/** What a tenant holds before the plan runs. */
export interface HeldSchema extends StartingSchema {
  readonly dependents: DependentIndex
}

/** Reads what a tenant holds, in the name of its class; what cannot be read is a problem and no failure. */
export async function readHeldSchema(
  name: string,
  { topology, isOwnSession }: { readonly topology: Topology; readonly isOwnSession: boolean },
  { servers, schemaFacts, dependents }: ConflictPorts,
  signal: AbortSignal,
): Promise<HeldSchema | { readonly problem: string }> {
  const tenant = topology.tenants.find(candidate => candidate.name === name)
  const cluster = topology.clusters.find(candidate => candidate.name === tenant?.cluster)
  if (!tenant || !cluster) return { problem: 'it is not among the tenants that were found' }
  try {
    const [catalog, shapes, current, hanging] = await Promise.all([
      servers.readCatalog(cluster.primary.server, tenant, signal),
      schemaFacts.readShapes(tenant, signal),
      dependents.readDefaultSchema(tenant, signal),
      dependents.readDependents(tenant, signal),
    ])
    // What a tenant that is a schema holds is called as a plan calls it, and what all share is not among it.
    const isSchema = tenant.schema !== undefined
    const defaultSchema = isSchema ? 'public' : current
    return {
      items: catalog.items,
      shapes,
      defaultSchema,
      isOwnSession,
      sharesDatabase: isSchema,
      dependents: indexDependents(hanging),
    }
  } catch (error) {
    if (signal.aborted) throw error
    return { problem: nameFailure(toFailure(error)) }
  }
}
