import type { Tenant } from '../../../shared/topology.ts'
import { dumpSchema } from '../../adapters/pg-tools/dump-schema.ts'
import { findPassword } from '../../adapters/postgres/find-password.ts'
import type { ServerSettings } from '../../adapters/postgres/server-settings.ts'
import { forwardSocket } from '../docker/forward-socket.ts'

/** The schema of a tenant as SQL; a program of this machine takes the tunnel that we take. */
export async function dumpTenant(
  settings: ServerSettings,
  { database }: Tenant,
  serverMajor: number,
  signal: AbortSignal,
): Promise<string> {
  const { user, tls } = settings
  const password = await findPassword(settings, database)
  const socket = settings.dial ? await forwardSocket(settings) : null
  try {
    const { host, port } = socket ?? settings
    return await dumpSchema({ host, port, user, password, database, tls, serverMajor }, signal)
  } finally {
    await socket?.close()
  }
}
