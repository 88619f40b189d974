import { LockstepError } from '../../../shared/failure/failure.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { ProjectConfig, ServerConfig } from '../../config/project-config.ts'
import { classifyService } from '../../discovery/classify-service.ts'
import { findCredentials } from '../../discovery/find-credentials.ts'
import { inheritLogin } from '../../discovery/inherit-login.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { settingsOf } from '../settings/server-settings-of.ts'
import { dialFailing } from './dial-failing.ts'
import { knowCredentials } from './know-credentials.ts'
import type { ComposeEnvironment } from './open-compose-environment.ts'
import { portOf } from './port-of.ts'
import { reachServer } from './reach-server.ts'

type ServiceServerConfig = ServerConfig & { readonly service: string }

/** Whether anything in a project file is a service of a Compose project. */
export function needsComposeEnvironment(config: ProjectConfig): boolean {
  return (
    config.servers.some(server => server.service !== undefined) ||
    config.migrations.alembic?.service !== undefined
  )
}

/**
 * Connection settings of all servers; those that are services are looked up, and the way to each is found.
 *
 * A login goes from one server to another only by `copies`, which names the source of each declared standby.
 */
export async function reachServers(
  servers: readonly ServerConfig[],
  copies: ReadonlyMap<string, string>,
  compose: ComposeEnvironment,
  signal: AbortSignal,
): Promise<readonly ServerSettings[]> {
  const services = [...new Set(servers.flatMap(server => server.service ?? []))]
  const known = await knowCredentials(services, compose, signal)
  const own = new Map(
    servers.flatMap(({ name, service }) => [
      [name, (service && known.get(service)) || imageDefaults] as const,
    ]),
  )
  return mapConcurrently(servers, 8, async server => {
    if (!isService(server)) return settingsOf(server)
    const pooler = refusePooler(server, compose)
    if (pooler) return pooler
    const { name, service, port, user } = server
    return reachServer(
      {
        config: server,
        containerPort: port ?? portOf(service, compose),
        credentials: inheritLogin(name, own, user === undefined ? copies : new Map()),
      },
      compose,
      signal,
    )
  })
}

/** The source of each standby by a project file: the primary of its cluster. */
export function copiesOf(servers: readonly ServerConfig[]): ReadonlyMap<string, string> {
  return new Map(
    servers.flatMap(({ name, role, cluster }) => {
      const primary = servers.find(one => one.role === 'primary' && one.cluster === cluster)
      return role === 'standby' && primary ? [[name, primary.name] as const] : []
    }),
  )
}

const imageDefaults = findCredentials({}, () => undefined)

function isService(server: ServerConfig): server is ServiceServerConfig {
  return server.service !== undefined
}

/** DDL and two-phase commit need a session of their own, which a pooler does not give. */
function refusePooler(server: ServiceServerConfig, compose: ComposeEnvironment): ServerSettings | null {
  const declared = compose.declared.project.services[server.service]
  if (!declared && compose.containers.every(one => one.compose?.service !== server.service)) {
    const known = Object.keys(compose.declared.project.services)
    throw new LockstepError({ kind: 'service_unknown', service: server.service, known })
  }
  if (!declared || classifyService(declared).kind !== 'pooler') return null
  const shownEndpoint = `service ${server.service}`
  return {
    ...settingsOf(server),
    shownEndpoint,
    dial: () => dialFailing({ kind: 'pooler_refused', server: server.name }),
  }
}
