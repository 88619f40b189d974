import type { ProjectConfig, ServerConfig } from '../../shared/config/project-config.ts'
import { LockstepError } from '../../shared/failure.ts'
import { mapConcurrently } from '../../shared/map-concurrently.ts'
import type { Cluster, ServerObservation, Tenant, Topology } from '../../shared/topology.ts'
import type { EnginePorts } from './engine-ports.ts'
import { matchNames } from './match-names.ts'

/** Told about each server as soon as it was seen. */
export type ServerListener = (observation: ServerObservation) => Promise<void>

/** Asks every declared server what it is, and every primary which tenants it holds. */
export async function discoverTopology(
  config: ProjectConfig,
  ports: Pick<EnginePorts, 'servers'>,
  onServer: ServerListener,
  signal: AbortSignal,
): Promise<Topology> {
  const observations = await mapConcurrently(config.servers, 16, async server => {
    const observation = await ports.servers.observe(server.name, signal)
    await onServer(observation)
    return observation
  })
  const clusters = formClusters(observations)
  const found = await mapConcurrently(clusters, 4, cluster => discoverTenants(config, cluster, ports, signal))
  const tenants = found.flat()
  refuseSharedNames(tenants)
  if (tenants.length === 0) throw new LockstepError({ kind: 'tenants_empty', looked: describeSearch(config) })
  return { clusters, tenants }
}

/** Everything that is said of a tenant is said by its name: plan, votes and log. */
function refuseSharedNames(tenants: readonly Tenant[]): void {
  const clusters = new Map<string, string>()
  for (const { name, cluster } of tenants) {
    const other = clusters.get(name)
    if (other === undefined) clusters.set(name, cluster)
    else {
      throw new LockstepError({
        kind: 'usage',
        problem: `clusters ${other} and ${cluster} both hold a tenant called ${name}`,
        fix: 'give each cluster a project file of its own',
      })
    }
  }
}

function formClusters(observations: readonly ServerObservation[]): readonly Cluster[] {
  const names = [...new Set(observations.map(observation => observation.cluster))]
  return names.map(name => {
    const members = observations.filter(observation => observation.cluster === name)
    const primary = members.find(member => member.declaredRole === 'primary')
    if (!primary) throw new LockstepError({ kind: 'primary_missing', cluster: name })
    if (primary.role === 'unreachable' && primary.failure) throw new LockstepError(primary.failure)
    const standbys = members.filter(member => member.declaredRole === 'standby')
    const subscribers = members.filter(member => member.declaredRole === 'subscriber')
    return { name, primary, standbys, ...(subscribers.length > 0 ? { subscribers } : {}) }
  })
}

async function discoverTenants(
  config: ProjectConfig,
  cluster: Cluster,
  ports: Pick<EnginePorts, 'servers'>,
  signal: AbortSignal,
): Promise<readonly Tenant[]> {
  const databases = await findDatabases(config, cluster.primary.server, ports, signal)
  const { schemas, exclude, appRole } = config.tenants
  const candidates = schemas
    ? await findSchemas(cluster.primary.server, databases, schemas, ports, signal)
    : databases.map(name => ({ name, database: name }))
  const names = candidates.map(candidate => candidate.name)
  const excluded = new Set(exclude ? matchNames(names, exclude) : [])
  return candidates
    .filter(({ name }) => !excluded.has(name))
    .map(candidate => ({
      ...candidate,
      cluster: cluster.name,
      appRole: appRole ? appRole.replaceAll('{tenant}', candidate.name) : null,
    }))
}

async function findDatabases(
  config: ProjectConfig,
  primary: string,
  ports: Pick<EnginePorts, 'servers'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const settings = config.servers.find(server => server.name === primary)
  const { query, databases } = config.tenants
  const found = query
    ? await ports.servers.queryTenantNames(primary, query, signal)
    : matchNames(await listCandidates(primary, settings, ports, signal), databases ?? [])
  return [...new Set(found)]
}

/** A schema is called by its own name where only one database is looked at, and by both where the same name could come twice. */
async function findSchemas(
  primary: string,
  databases: readonly string[],
  patterns: string | readonly string[],
  ports: Pick<EnginePorts, 'servers'>,
  signal: AbortSignal,
): Promise<readonly Pick<Tenant, 'name' | 'database' | 'schema'>[]> {
  const found = await mapConcurrently(databases, 8, async database => {
    const schemas = await ports.servers.listSchemas(primary, database, signal)
    const ours = schemas.filter(name => !/^(public|information_schema|pg_.*)$/s.test(name))
    return matchNames(ours, patterns).map(schema => ({
      name: databases.length > 1 ? `${database}.${schema}` : schema,
      database,
      schema,
    }))
  })
  return found.flat()
}

async function listCandidates(
  primary: string,
  settings: ServerConfig | undefined,
  ports: Pick<EnginePorts, 'servers'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all = await ports.servers.listDatabases(primary, signal)
  return all.filter(name => name !== settings?.database)
}

function describeSearch(config: ProjectConfig): string {
  const { query, databases, schemas } = config.tenants
  const looked = query ? `query: ${query}` : `databases: ${[databases ?? []].flat().join(', ')}`
  return schemas ? `${looked}; schemas: ${[schemas].flat().join(', ')}` : looked
}
