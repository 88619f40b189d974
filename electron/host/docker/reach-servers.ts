import type { ProjectConfig, ServerConfig } from '../../../shared/config/project-config.ts'
import { classifyService } from '../../../shared/discovery/classify-service.ts'
import { LockstepError } from '../../../shared/failure.ts'
import { mapConcurrently } from '../../../shared/map-concurrently.ts'
import type { ServerSettings } from '../../adapters/postgres/server-settings.ts'
import { settingsOf } from '../server-settings-of.ts'
import { dialFailing } from './dial-failing.ts'
import { knowCredentials } from './know-credentials.ts'
import { containersOf, type Surroundings } from './open-surroundings.ts'
import { reachServer } from './reach-server.ts'

type ServiceServerConfig = ServerConfig & { readonly service: string }

/** Whether anything in a project file is a service of a Compose project. */
export function needsSurroundings(config: ProjectConfig): boolean {
  return (
    config.servers.some(server => server.service !== undefined) ||
    config.migrations.alembic?.service !== undefined
  )
}

/** Connection settings of all configured servers; those that are services are looked up, and the way to each is found. */
export async function reachServers(
  servers: readonly ServerConfig[],
  surroundings: Surroundings,
  signal: AbortSignal,
): Promise<readonly ServerSettings[]> {
  const services = [...new Set(servers.flatMap(server => server.service ?? []))]
  const credentials = await knowCredentials(services, surroundings, signal)
  return mapConcurrently(servers, 8, async server => {
    if (!isService(server)) return settingsOf(server)
    const known = credentials.get(server.service)
    const pooler = refusePooler(server, surroundings)
    if (pooler) return pooler
    const number = server.number ?? 1
    const container = containersOf(surroundings, server.service).find(one => one.compose?.number === number)
    return reachServer(
      {
        config: server,
        containerPort: server.port ?? portOf(server.service, surroundings),
        credentials: known ?? {
          user: 'postgres',
          password: null,
          database: 'postgres',
          initialDatabase: null,
        },
        ...(server.number !== undefined && container ? { containerId: container.id } : {}),
      },
      surroundings,
      signal,
    )
  })
}

/** Where the server listens in its container. */
export function portOf(service: string, surroundings: Surroundings): number {
  const declared = surroundings.declared.project.services[service]
  return declared ? classifyService(declared).port : 5432
}

function isService(server: ServerConfig): server is ServiceServerConfig {
  return server.service !== undefined
}

/** DDL and two-phase commit need a session of their own, which a pooler does not give. */
function refusePooler(server: ServiceServerConfig, surroundings: Surroundings): ServerSettings | null {
  const declared = surroundings.declared.project.services[server.service]
  if (!declared && surroundings.containers.every(one => one.compose?.service !== server.service)) {
    const known = Object.keys(surroundings.declared.project.services)
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
