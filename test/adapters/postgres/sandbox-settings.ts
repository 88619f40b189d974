import type {
  SandboxCluster,
  SandboxServer,
} from '../../../electron/adapters/embedded-postgres/start-cluster.ts'
import type { ServerSettings } from '../../../electron/adapters/postgres/session/server-settings.ts'
import { type Failure, toFailure } from '../../../shared/failure/failure.ts'
import type { Tenant } from '../../../shared/topology/topology.ts'

/** A signal that never comes. */
export const never = new AbortController().signal

/** How the adapter reaches one server of a sandbox. */
export function describeServer(
  sandbox: SandboxCluster,
  server: SandboxServer,
  changes: Partial<ServerSettings> = {},
): ServerSettings {
  return {
    name: server.name,
    cluster: 'main',
    declaredRole: server === sandbox.primary ? 'primary' : 'standby',
    host: server.host,
    port: server.port,
    user: sandbox.superuser.user,
    password: sandbox.superuser.password,
    maintenanceDatabase: 'postgres',
    tls: 'disable',
    ...changes,
  }
}

/** The settings of a sandbox's primary and standbys. */
export function describeServers(sandbox: SandboxCluster): readonly ServerSettings[] {
  return [sandbox.primary, ...sandbox.standbys].map(server => describeServer(sandbox, server))
}

/** A tenant that is called like its database. */
export function describeTenant(database: string, appRole: string | null = null): Tenant {
  return { name: database, cluster: 'main', database, appRole }
}

/** The failure that a promise ends with; an error of the test when it does not fail. */
export async function catchFailure(work: Promise<unknown>): Promise<Failure> {
  try {
    await work
  } catch (error) {
    return toFailure(error)
  }
  throw new Error('a failure was expected')
}
