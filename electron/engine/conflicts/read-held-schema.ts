import { toFailure } from '../../../shared/failure.ts'
import type { Topology } from '../../../shared/topology.ts'
import { nameFailure } from '../gates/name-failure.ts'
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
  topology: Topology,
  { servers, schemaFacts, facts, dependents }: ConflictPorts,
  signal: AbortSignal,
): Promise<HeldSchema | { readonly problem: string }> {
  const tenant = topology.tenants.find(candidate => candidate.name === name)
  const cluster = topology.clusters.find(candidate => candidate.name === tenant?.cluster)
  if (!tenant || !cluster) return { problem: 'it is not among the tenants that were found' }
  try {
    const [fingerprint, shapes, settings, hanging] = await Promise.all([
      servers.fingerprint(cluster.primary.server, tenant, signal),
      schemaFacts.readShapes(tenant, signal),
      facts.readSettings(tenant, ['search_path'], signal),
      dependents.readDependents(tenant, signal),
    ])
    const path = settings.find(setting => setting.name === 'search_path')?.setting ?? ''
    const defaultSchema = tenant.schema ?? readDefaultSchema(path)
    return { items: fingerprint.items, shapes, defaultSchema, dependents: indexDependents(hanging) }
  } catch (error) {
    if (signal.aborted) throw error
    return { problem: nameFailure(toFailure(error)) }
  }
}

/** The schema that names without one belong to; null where the path leads to several. */
function readDefaultSchema(path: string): string | null {
  const schemas = path
    .split(',')
    .map(part => part.trim().replace(/^"(.*)"$/, '$1'))
    .filter(part => part !== '' && part !== '$user')
  const [first] = schemas
  return schemas.length === 1 && first !== undefined ? first : null
}
