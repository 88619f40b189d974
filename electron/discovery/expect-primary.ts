import type { ReplicationLink } from '../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'
import { stemOf } from './declare-role.ts'
import { findServersAt } from './server-addresses.ts'
import type { ArrangeRequest } from './server-declaration.ts'

/**
 * The primary that a server belongs to by its declaration: the one that it is told to follow, the one that is called alike,
 * or the only one there is. Null when it is declared to be no standby, or when nothing tells.
 */
export function expectPrimary(
  server: ServerObservation,
  request: ArrangeRequest & { readonly proven: readonly ReplicationLink[] },
): ServerObservation | null {
  const { observations, declarations, addresses, proven } = request
  const declaration = declarations.find(one => one.server === server.server)
  const others = observations.filter(one => one.server !== server.server && one.systemIdentifier !== null)
  if (declaration?.follows) {
    const { host, port } = declaration.follows
    const named = findServersAt(addresses, host, port)
    return only(others.filter(one => named.includes(one.server)))
  }
  if (declaration?.role.declared !== 'standby') return null
  const primaries = others.filter(
    one =>
      one.role === 'primary' &&
      one.declaredRole === 'primary' &&
      !proven.some(link => link.kind === 'logical' && link.server === one.server),
  )
  const alike = primaries.filter(one => stemOf(one.server) === stemOf(server.server))
  // The one that cannot be asked may be its primary.
  const isSure = observations.every(one => one.role !== 'unreachable')
  return only(alike) ?? (isSure ? only(primaries) : null)
}

function only(observations: readonly ServerObservation[]): ServerObservation | null {
  return observations.length === 1 ? (observations[0] ?? null) : null
}
