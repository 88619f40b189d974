import type { TopologyView } from '../../../../shared/api/topology-view.ts'
import type { Cluster, ServerObservation } from '../../../../shared/topology/topology.ts'
import { findService } from './find-service.ts'
import { foldServers, foldServices } from './fold-nodes.ts'
import { linkServices, listUsers } from './link-services.ts'
import { groupTenants, listTenants, type TenantGroup } from './tenant-groups.ts'
import type { TopologyEdge, TopologyNode } from './topology-node.ts'

/** What is drawn of a topology, and what is not. */
export interface TopologyMap {
  readonly nodes: readonly TopologyNode[]
  readonly edges: readonly TopologyEdge[]
  readonly groups: readonly TenantGroup[]
  /** Says what is folded, one sentence each. */
  readonly folded: readonly string[]
}

export const mostNodes = 150

/** Decides what is drawn: services, primaries, standbys by how far they are from them, and groups of tenants. `open` is the group that is drawn tenant by tenant. */
export function mapTopology(view: TopologyView, open: string | null): TopologyMap {
  const servers = listServers(view)
  const parents = findParents(view, servers)
  const depths = new Map(servers.map(one => [one.server, depthOf(one.server, parents)]))
  const services = (view.found?.services ?? []).filter(service => service.kind !== 'postgres')
  const groups = groupTenants(listTenants(view))
  const isObserved = view.found?.observation === 'observed'
  const first = services.length > 0 ? 1 : 0
  const last = first + Math.max(0, ...depths.values()) + 1
  const drawnServices = foldServices(services, isObserved, mostNodes - servers.length - groups.length)
  const drawnServers = foldServers(servers, mostNodes - drawnServices.nodes.length - groups.length)
  const serverNodes = drawnServers.nodes.map(node =>
    node.kind === 'server'
      ? {
          ...node,
          column: first + (depths.get(node.server.server) ?? 0),
          service: findService(view, node.server.server),
          isObserved,
        }
      : { ...node, column: first + 1 },
  )
  const room = mostNodes - drawnServices.nodes.length - serverNodes.length - groups.length
  const tenantNodes = groups.flatMap(group => drawGroup(group, last, open, room))
  const nodes = [...drawnServices.nodes, ...serverNodes, ...tenantNodes]
  const drawn = new Set(nodes.map(node => node.id))
  const edges = [
    // What is drawn first lies below the others.
    ...linkServices(nodes),
    ...linkServers(view, parents),
    ...holdTenants(view, tenantNodes),
  ].filter(edge => drawn.has(edge.from) && drawn.has(edge.to))
  return {
    nodes,
    edges,
    groups,
    folded: [...drawnServices.said, ...drawnServers.said, ...sayGroups(groups, open)],
  }
}

/** Every server, primaries first; as found where there is something found. */
export function listServers({ found, topology }: TopologyView): readonly ServerObservation[] {
  const discovered = found ? [...found.clusters.flatMap(flatten), ...found.unplaced] : []
  return discovered.length > 0 ? discovered : (topology?.clusters.flatMap(flatten) ?? [])
}

function flatten({ primary, standbys }: Cluster): readonly ServerObservation[] {
  return [primary, ...standbys]
}

/** Whom each server takes its changes from: as proven, otherwise its cluster's primary. */
function findParents(view: TopologyView, servers: readonly ServerObservation[]): ReadonlyMap<string, string> {
  const proven = new Map((view.found?.links ?? []).map(link => [link.server, link.from]))
  const clusters =
    view.found && view.found.clusters.length > 0 ? view.found.clusters : (view.topology?.clusters ?? [])
  const parents = new Map<string, string>()
  for (const { server, cluster, declaredRole, role } of servers) {
    const own = clusters.find(one => one.standbys.some(standby => standby.server === server))
    const from = proven.get(server) ?? own?.primary.server
    // One that could not be asked is drawn where it is declared to be.
    const isSilent = role === 'unreachable' && declaredRole === 'standby'
    const declared = isSilent ? findDeclaredPrimary(cluster, clusters, servers) : undefined
    const sender = from ?? declared
    if (sender !== undefined && sender !== server) parents.set(server, sender)
  }
  return parents
}

function findDeclaredPrimary(
  cluster: string,
  clusters: readonly Cluster[],
  servers: readonly ServerObservation[],
): string | undefined {
  const near = clusters.find(one => one.name === cluster) ?? (clusters.length === 1 ? clusters[0] : undefined)
  if (near) return near.primary.server
  const declared = servers.filter(one => one.declaredRole === 'primary')
  return declared.length === 1 ? declared[0]?.server : undefined
}

function depthOf(server: string, parents: ReadonlyMap<string, string>): number {
  const seen = new Set<string>()
  let at: string | undefined = server
  while (at !== undefined && !seen.has(at)) {
    seen.add(at)
    at = parents.get(at)
  }
  return seen.size - 1
}

function linkServers(view: TopologyView, parents: ReadonlyMap<string, string>): readonly TopologyEdge[] {
  return [...parents].map(([server, from]) => ({
    from: `server:${from}`,
    to: `server:${server}`,
    kind: view.found?.links.find(link => link.server === server)?.kind ?? 'streaming',
  }))
}

function holdTenants(view: TopologyView, nodes: readonly TopologyNode[]): readonly TopologyEdge[] {
  const clusters = [...(view.found?.clusters ?? []), ...(view.topology?.clusters ?? [])]
  return nodes.flatMap(node => {
    const holder = clusters.find(one => one.name === node.cluster)
    return holder ? [{ from: `server:${holder.primary.server}`, to: node.id, kind: 'holds' as const }] : []
  })
}

function drawGroup(
  group: TenantGroup,
  column: number,
  open: string | null,
  room: number,
): readonly TopologyNode[] {
  if (group.id !== open || group.tenants.length > room)
    return [{ kind: 'group', id: group.id, column, cluster: group.cluster, group }]
  return group.tenants.map(tenant => ({
    kind: 'tenant',
    id: `tenant:${tenant.cluster}/${tenant.tenant}`,
    column,
    cluster: tenant.cluster,
    tenant,
  }))
}

/** Every server and every service as nodes, whatever is drawn of them. */
export function listAllNodes(view: TopologyView): {
  readonly servers: readonly Extract<TopologyNode, { kind: 'server' }>[]
  readonly services: readonly Extract<TopologyNode, { kind: 'service' }>[]
  /** Whom each server takes its changes from. */
  readonly senders: ReadonlyMap<string, string>
  /** The services that depend on each server. */
  readonly users: ReadonlyMap<string, readonly string[]>
} {
  const found = listServers(view)
  const declared = view.found?.services ?? []
  const isObserved = view.found?.observation === 'observed'
  const servers = found.map(server => ({
    kind: 'server' as const,
    id: `server:${server.server}`,
    column: 0,
    cluster: server.cluster,
    server,
    service: findService(view, server.server),
    isObserved,
  }))
  const services = foldServices(declared, isObserved, declared.length).nodes.flatMap(node =>
    node.kind === 'service' ? [node] : [],
  )
  return {
    servers,
    services,
    senders: new Map([...findParents(view, found)].map(([server, from]) => [`server:${server}`, from])),
    users: listUsers([...servers, ...services]),
  }
}

function sayGroups(groups: readonly TenantGroup[], open: string | null): readonly string[] {
  const shut = groups.filter(group => group.id !== open)
  const count = shut.reduce((sum, group) => sum + group.tenants.length, 0)
  if (count === 0) return []
  const tenants = `${count.toLocaleString('en')} ${count === 1 ? 'tenant' : 'tenants'}`
  return [`${tenants} in ${shut.length} ${shut.length === 1 ? 'group' : 'groups'}`]
}
