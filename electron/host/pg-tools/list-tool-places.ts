import { localTools } from '../../adapters/pg-tools/this-machine.ts'
import type { ToolAddress, ToolPlace } from '../../adapters/pg-tools/tool-place.ts'
import { endSessions } from '../../adapters/postgres/session/end-sessions.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { forwardSocket } from '../docker/forward-socket.ts'
import type { FindService } from '../docker/server-container.ts'
import { containerTools } from './container-tools.ts'

/** Where PostgreSQL's programs for a server may be, the best first. */
export type ToolPlaces = (server: ServerSettings) => readonly ToolPlace[]

/**
 * The container of a server comes first: its programs have the server's version. What a newer `pg_dump` of this
 * machine writes may hold settings that the server does not know, and could then not be restored.
 */
export function createToolPlaces(findService: FindService): ToolPlaces {
  return server => {
    const service = findService(server.name)
    const machine = localTools(use => withOwnAddress(server, use))
    if (service === null) return [machine]
    return [containerTools(service, name => endSessions(server, name, deadlineSignal(5_000))), machine]
  }
}

/** A program of this machine cannot use a tunnel of ours: it gets a socket that leads to it. */
async function withOwnAddress<T>(
  server: ServerSettings,
  use: (address: ToolAddress) => Promise<T>,
): Promise<T> {
  const { host, port, tls } = server
  // A way that is no tunnel is taken as it is: a socket of ours would strip its TLS.
  if (server.way !== 'container_exec') return use({ host, port, tls })
  const socket = await forwardSocket(server)
  try {
    return await use({ host: socket.host, port: socket.port, tls })
  } finally {
    await socket.close()
  }
}
