import { type FollowedServer, stemOf } from './declare-role.ts'
import { findServersAt, type ServerAddress } from './server-addresses.ts'

/** What the files say of a server, as far as it tells whom it copies. */
export interface DeclaredServer {
  readonly server: string
  readonly role: 'primary' | 'standby' | 'subscriber' | null
  readonly follows: FollowedServer | null
}

/**
 * The server whose copy a standby is declared to be; null where nothing declares it.
 *
 * It may be a standby itself. A standby that is told to follow a host outside the project is a copy of none of its servers,
 * and one that is told of no host only belongs to a primary that is called alike.
 */
export function findDeclaredSource(
  standby: DeclaredServer,
  servers: readonly DeclaredServer[],
  addresses: readonly ServerAddress[],
): string | null {
  if (standby.role !== 'standby') return null
  const others = servers.filter(one => one.server !== standby.server)
  if (standby.follows) {
    const { host, port } = standby.follows
    const named = findServersAt(addresses, host, port)
    return only(others.filter(one => named.includes(one.server)))
  }
  const primaries = others.filter(one => one.role !== 'standby' && one.role !== 'subscriber')
  const alike = primaries.filter(one => familyOf(one.server) === familyOf(standby.server))
  if (alike.length > 0) return only(alike)
  const nameless = [...primaries, standby].some(one => familyOf(one.server) === '')
  return nameless ? only(primaries) : null
}

const genericWords = new Set(['db', 'database', 'pg', 'postgres', 'postgresql', 'server'])

/** What a name says beside the role and that it is a database: `shop-db-replica` and `shop` are of one family. */
function familyOf(server: string): string {
  return stemOf(server)
    .split('-')
    .filter(word => !genericWords.has(word))
    .join('-')
}

function only(servers: readonly DeclaredServer[]): string | null {
  return servers.length === 1 ? (servers[0]?.server ?? null) : null
}
