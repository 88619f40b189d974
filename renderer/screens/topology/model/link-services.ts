import type { TopologyEdge, TopologyNode } from './topology-node.ts'

/** Lines from services to the servers that they depend on by their declaration. */
export function linkServices(nodes: readonly TopologyNode[]): readonly TopologyEdge[] {
  return nodes.flatMap(server =>
    nodes
      .filter(node => isUser(node, server))
      .map(({ id }) => ({ from: id, to: server.id, kind: 'uses' as const })),
  )
}

/** The names of the services that depend on each server, by its node. */
export function listUsers(nodes: readonly TopologyNode[]): ReadonlyMap<string, readonly string[]> {
  return new Map(
    nodes.map(server => [
      server.id,
      [...new Set(nodes.flatMap(node => (isUser(node, server) ? node.service.service : [])))],
    ]),
  )
}

/** A server that depends on another one follows it: its line of replication says more. */
function isUser(
  node: TopologyNode,
  server: TopologyNode,
): node is Extract<TopologyNode, { kind: 'service' }> {
  if (node.kind !== 'service' || node.service.kind === 'postgres') return false
  return (
    server.kind === 'server' &&
    server.service !== null &&
    node.service.dependsOn.includes(server.service.service)
  )
}
