import type { TopologyView } from '../../../../shared/api/topology-view.ts'
import { listTenants } from './tenant-groups.ts'
import { listAllNodes, type TopologyMap } from './topology-map.ts'
import type { TopologyNode } from './topology-node.ts'

/** What an address points at: a node by its id, a tenant or a server by its name; null where that is not there any more. */
export function findSelected(
  view: TopologyView,
  { nodes }: TopologyMap,
  { node, server, tenant: name }: Readonly<Record<string, string>>,
): TopologyNode | null {
  if (name !== undefined) {
    const tenant = listTenants(view).find(one => one.tenant === name)
    if (!tenant) return null
    const { cluster } = tenant
    return { kind: 'tenant', id: `tenant:${cluster}/${name}`, column: 0, cluster, tenant }
  }
  const id = node ?? (server === undefined ? undefined : `server:${server}`)
  if (id === undefined) return null
  const { servers, services } = listAllNodes(view)
  return [...nodes, ...servers, ...services].find(one => one.id === id) ?? null
}
