import { type Failure, LockstepError } from '../../../shared/failure/failure.ts'
import type {
  Cluster,
  ServerObservation,
  Tenant,
  Topology,
  UnreadableTenant,
} from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { findHeldLock } from '../open-runs/find-held-lock.ts'
import { findRefusal, refusalOfClosed } from '../open-runs/find-refusal.ts'
import { type ClosedByRun, listClosedByRuns } from '../open-runs/list-closed-by-runs.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { findTenants } from './find-tenants.ts'
import { mayHoldTenant, type Place } from './may-hold-tenant.ts'
import { nameUndeclared } from './name-undeclared.ts'
import { withoutCluster } from './unreadable-tenants.ts'

/** Told about each server as soon as it was seen. */
export type ServerListener = (observation: ServerObservation) => Promise<void>

/** What finding servers and tenants asks of the outside world. */
export type DiscoveryPorts = Pick<EnginePorts, 'servers'> & {
  readonly prepared: Pick<EnginePorts['prepared'], 'list'>
  readonly store: Pick<EnginePorts['store'], 'list' | 'readIntact'>
  readonly locks: Pick<EnginePorts['locks'], 'readHolder'>
}

/**
 * Asks every declared server what it is, and every primary which tenants it holds.
 *
 * Where no tenant is found, and a run that has no end is the reason or may be, that run is what is said.
 */
export async function discoverTopology(
  config: ProjectConfig,
  ports: DiscoveryPorts,
  onServer: ServerListener,
  signal: AbortSignal,
): Promise<Topology> {
  const clusters = await askServers(config, ports, onServer, signal)
  // Logs are only read where a database is closed, and once.
  let reading: Promise<readonly ClosedByRun[]> | null = null
  const readClosed = (): Promise<readonly ClosedByRun[]> => {
    reading ??= listClosedByRuns(config.project, ports.store)
    return reading
  }
  const found = await mapConcurrently(clusters, 4, cluster =>
    findTenants(config, cluster, ports, readClosed, signal),
  )
  const tenants = found.flatMap(one => one.tenants)
  const unreadable = [...found.flatMap(one => one.unreadable), ...listMissing(clusters, found)]
  const passedOver = found.flatMap(one => one.passedOver)
  refuseSharedNames([...tenants, ...unreadable.map(({ tenant, cluster }) => ({ name: tenant, cluster }))])
  if (tenants.length === 0)
    throw new LockstepError(await explainNobody(config, clusters, unreadable, ports, signal))
  return {
    clusters: await mapConcurrently(clusters, 4, cluster => nameUndeclared(cluster, ports, signal)),
    tenants,
    ...(unreadable.length > 0 ? { unreadable } : {}),
    ...(passedOver.length > 0 ? { passedOver } : {}),
  }
}

/** Asks every declared server what it is, for a caller that knows the tenants from a log. */
export async function discoverClusters(
  config: ProjectConfig,
  ports: Pick<EnginePorts, 'servers'>,
  signal: AbortSignal,
): Promise<readonly Cluster[]> {
  const clusters = await askServers(config, ports, async () => undefined, signal)
  return mapConcurrently(clusters, 4, cluster => nameUndeclared(cluster, ports, signal))
}

async function askServers(
  config: ProjectConfig,
  ports: Pick<EnginePorts, 'servers'>,
  onServer: ServerListener,
  signal: AbortSignal,
): Promise<readonly Cluster[]> {
  const observations = await mapConcurrently(config.servers, 16, async server => {
    const observation = await ports.servers.observe(server.name, signal)
    await onServer(observation)
    return observation
  })
  return formClusters(observations)
}

/**
 * A run that has no end says more than that there are no tenants: its votes and what it has closed are what has to be settled.
 * While one is at work a database may have no name of a tenant for a moment: a rollback puts copies in their places.
 */
async function explainNobody(
  config: ProjectConfig,
  clusters: readonly Cluster[],
  unreadable: readonly UnreadableTenant[],
  ports: DiscoveryPorts,
  signal: AbortSignal,
): Promise<Failure> {
  const primaries = clusters.map(cluster => cluster.primary.server)
  const { project } = config
  const question = { project, primaries, holdsTenant: (place: Place) => mayHoldTenant(place, config) }
  const refusal = refusalOfClosed(unreadable) ?? (await findRefusal(question, ports, signal))
  if (refusal) return refusal
  const named = clusters.map(({ name, primary }) => ({ name: primary.server, cluster: name }))
  const held = await findHeldLock(named, ports.locks, signal).catch(() => null)
  if (held) return { kind: 'run_locked', ...held }
  if (unreadable.length > 0) return { kind: 'tenants_unreadable', tenants: unreadable.map(withoutCluster) }
  return { kind: 'tenants_empty', looked: describeSearch(config) }
}

/** Databases that the configuration names and no cluster has: a name that is misspelt must not leave a tenant out in silence. */
function listMissing(
  clusters: readonly Cluster[],
  found: readonly { readonly missing: readonly string[] }[],
): readonly UnreadableTenant[] {
  const [cluster] = clusters
  const [first, ...others] = found
  if (!cluster || !first) return []
  const server = cluster.primary.server
  return first.missing
    .filter(name => others.every(other => other.missing.includes(name)))
    .map(name => ({
      tenant: name,
      cluster: cluster.name,
      failure: { kind: 'database_missing', server, database: name },
    }))
}

/** Everything that is said of a tenant is said by its name: plan, votes and log. */
function refuseSharedNames(tenants: readonly Pick<Tenant, 'name' | 'cluster'>[]): void {
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

function describeSearch(config: ProjectConfig): string {
  const { query, databases, schemas } = config.tenants
  const looked = query ? `query: ${query}` : `databases: ${[databases ?? []].flat().join(', ')}`
  return schemas ? `${looked}; schemas: ${[schemas].flat().join(', ')}` : looked
}
