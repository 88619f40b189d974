import type { ReplicationLink } from '../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'

/** Servers of one system identifier. */
export interface ServerGroup {
  readonly name: string
  readonly systemIdentifier: string
  /** More than one is a split brain; the first is the one that the cluster is formed around. */
  readonly primaries: readonly ServerObservation[]
  readonly standbys: readonly ServerObservation[]
}

/** Puts servers together by their system identifiers: the only proof. A group is named after its primary, or `main` when it is the only one. */
export function groupServers(
  observations: readonly ServerObservation[],
  links: readonly ReplicationLink[],
): readonly ServerGroup[] {
  const known = observations.filter(one => one.role !== 'unreachable')
  const identifiers = [...new Set(known.flatMap(one => one.systemIdentifier ?? []))]
  const groups = identifiers.map(systemIdentifier => {
    const members = known.filter(one => one.systemIdentifier === systemIdentifier)
    const primaries = members.filter(one => one.role === 'primary')
    const standbys = members.filter(one => one.role === 'standby')
    return { systemIdentifier, primaries: rankPrimaries(primaries, links), standbys }
  })
  const led = groups.filter(group => group.primaries.length > 0)
  const isOnly = (group: (typeof groups)[number]) =>
    group.primaries.length > 0 ? led.length === 1 : groups.length === 1
  return groups.map(group => ({
    name: isOnly(group) ? 'main' : ([...group.primaries, ...group.standbys][0]?.server ?? ''),
    ...group,
  }))
}

/** After a failover without fencing, the old primary has the lower timeline and has lost its standbys. */
function rankPrimaries(
  primaries: readonly ServerObservation[],
  links: readonly ReplicationLink[],
): readonly ServerObservation[] {
  const standbysOf = (server: string) =>
    links.filter(link => link.from === server && link.kind === 'streaming').length
  return primaries.toSorted(
    (a, b) =>
      (b.timeline ?? 0) - (a.timeline ?? 0) ||
      standbysOf(b.server) - standbysOf(a.server) ||
      Number(b.declaredRole === 'primary') - Number(a.declaredRole === 'primary'),
  )
}
