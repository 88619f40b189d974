import type { DiscoveredProject, TopologyFinding } from '../../shared/topology/discovered-project.ts'
import type { Cluster, ServerObservation } from '../../shared/topology/topology.ts'
import { groupServers, type ServerGroup } from './group-servers.ts'
import { judgeServers } from './judge-servers.ts'
import { linkServers } from './link-servers.ts'
import type { ArrangeRequest } from './server-declaration.ts'

/** Forms clusters by what servers prove, names by what they are called, and findings where the two differ. */
export function arrangeClusters(
  request: ArrangeRequest,
): Pick<DiscoveredProject, 'clusters' | 'unplaced' | 'links' | 'findings'> {
  const observations = request.observations.map(one => settleRole(one, request))
  const evidence = { ...request, observations }
  const { links, unknown } = linkServers(evidence)
  const groups = groupServers(observations, links)
  const findings: readonly TopologyFinding[] = judgeServers({ ...evidence, proven: links, unknown, groups })
  const clusters = groups.flatMap(formCluster)
  const placed = new Set(clusters.flatMap(({ primary, standbys }) => [primary, ...standbys]).map(nameOf))
  const unplaced = observations
    .filter(one => !placed.has(one.server))
    .map(one => ({ ...one, cluster: groups.find(group => isIn(group, one))?.name ?? one.cluster }))
  return { clusters, unplaced, links, findings }
}

/** Where nothing was declared, nothing can differ from it. */
function settleRole(observation: ServerObservation, { declarations }: ArrangeRequest): ServerObservation {
  const declared = declarations.find(one => one.server === observation.server)?.role.declared ?? null
  const seen = observation.role === 'unreachable' ? observation.declaredRole : observation.role
  return { ...observation, declaredRole: declared ?? seen }
}

/** Only a server that is seen to be a primary can lead a cluster, and only one of them: the others are left out. */
function formCluster({ name, primaries, standbys }: ServerGroup): readonly Cluster[] {
  const [primary] = primaries
  if (!primary) return []
  return [
    {
      name,
      primary: { ...primary, cluster: name },
      standbys: standbys.map(one => ({ ...one, cluster: name })),
    },
  ]
}

function isIn({ primaries, standbys }: ServerGroup, { server }: ServerObservation): boolean {
  return [...primaries, ...standbys].some(one => one.server === server)
}

function nameOf(observation: ServerObservation): string {
  return observation.server
}
