import { compareNames } from '../../../../shared/text/compare-names.ts'
import { countOf } from '../../../../shared/text/plain-words.ts'
import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../../../shared/topology/topology.ts'
import { stateOfService } from './service-status.ts'
import type { Fold, TopologyNode } from './topology-node.ts'

interface Folded {
  readonly nodes: readonly TopologyNode[]
  readonly said: readonly string[]
}

/** Every service as a node, or one node for each state where there are too many. */
export function foldServices(
  services: readonly ServiceObservation[],
  isObserved: boolean,
  room: number,
): Folded {
  if (services.length <= Math.max(room, 0)) {
    const seen = new Map<string, number>()
    const nodes = services.map(service => {
      const number = (seen.get(service.service) ?? 0) + 1
      seen.set(service.service, number)
      const id = `service:${service.service}${number > 1 ? `#${number}` : ''}`
      return { kind: 'service' as const, id, column: 0, cluster: null, service, isObserved }
    })
    return { nodes, said: [] }
  }
  return foldByState(
    services.map(service => stateOfService(service, isObserved)),
    'services',
  )
}

/** Every server as a node; standbys become one node for each state where there are too many. */
export function foldServers(servers: readonly ServerObservation[], room: number): Folded {
  const draw = (server: ServerObservation): TopologyNode => ({
    kind: 'server',
    id: `server:${server.server}`,
    column: 0,
    cluster: server.cluster,
    server,
    service: null,
    isObserved: true,
  })
  if (servers.length <= Math.max(room, 0)) return { nodes: servers.map(draw), said: [] }
  const primaries = servers.filter(one => one.role === 'primary')
  const rest = servers.filter(one => one.role !== 'primary')
  const folded = foldByState(rest.map(wordOfServer), 'servers')
  return { nodes: [...primaries.map(draw), ...folded.nodes], said: folded.said }
}

function wordOfServer({ role, replication }: ServerObservation): string {
  if (role === 'unreachable') return 'unreachable'
  return replication?.receiver === 'streaming' ? 'streaming' : 'not streaming'
}

function foldByState(states: readonly string[], of: Fold['of']): Folded {
  const counts = new Map<string, number>()
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1)
  const folds = [...counts].toSorted(([left], [right]) => compareNames(left, right))
  return {
    nodes: folds.map(([state, count]) => ({
      kind: 'fold' as const,
      id: `fold:${of}/${state}`,
      column: 0,
      cluster: null,
      fold: { of, state, count },
    })),
    said: [
      `${countOf(states.length, of === 'services' ? 'service' : 'standby', of === 'services' ? 'services' : 'standbys')} in ${countOf(folds.length, 'state')}`,
    ],
  }
}
