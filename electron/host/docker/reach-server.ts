import { LockstepError, toFailure, type WayAttempt } from '../../../shared/failure/failure.ts'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import type { ServerWay } from '../../../shared/server/server-way.ts'
import { probePostgres } from '../../adapters/postgres/session/probe-postgres.ts'
import type { DialStream, ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { ServerConfig } from '../../config/project-config.ts'
import { deadlineSignal } from '../../lib/with-deadline.ts'
import { debug } from '../../output/debug-log.ts'
import { dialFailing } from './dial-failing.ts'
import type { KnownCredentials } from './know-credentials.ts'
import { listWays, type PossibleWay } from './list-ways.ts'
import { type ComposeEnvironment, containersOf, runningContainer } from './open-compose-environment.ts'
import { createRelocatingDial } from './relocating-dial.ts'

/** A port answers at once or not at all; a tunnel starts a program in a container first. */
const probeDeadlines: Readonly<Record<ServerWay, number>> = {
  direct: 2_000,
  published_port: 2_000,
  container_address: 1_000,
  container_exec: 10_000,
}

/** What is needed to reach a server that is a service of the Compose project. */
export interface ServiceServer {
  readonly config: ServerConfig & { readonly service: string }
  readonly containerPort: number
  readonly credentials: KnownCredentials
}

/**
 * Finds the way to a server: a published port, then the container's address, then a tunnel through `docker exec`.
 *
 * A server that no way leads to has settings too: every connection to it fails, and says what was tried.
 */
export async function reachServer(
  server: ServiceServer,
  compose: ComposeEnvironment,
  signal: AbortSignal,
): Promise<ServerSettings> {
  const base = baseSettings(server)
  try {
    const container = findContainer(server, compose)
    const { taken, tried } = await tryWays(
      server.config.name,
      listPossible(server, compose, container),
      signal,
    )
    if (taken === null) {
      refuseWithoutDaemon(compose)
      throw new LockstepError({ kind: 'no_way_to_server', server: server.config.name, tried })
    }
    return { ...base, ...taken.settings, dial: chooseDial(taken, server, compose) }
  } catch (error) {
    const failure = toFailure(error)
    const shownEndpoint = `service ${server.config.service}`
    return { ...base, way: null, dial: () => dialFailing(failure), shownEndpoint }
  }
}

/** That the daemon is missing says more than the ways that are missing with it. */
function refuseWithoutDaemon({ daemon }: ComposeEnvironment): void {
  if (daemon.state === 'connected') return
  throw new LockstepError({ kind: 'docker_unavailable', state: daemon.state, tried: daemon.tried })
}

/** Without a daemon there are no containers, and the ports of the Compose files are all that can be tried. */
function findContainer(server: ServiceServer, compose: ComposeEnvironment): ContainerFacts | null {
  if (compose.daemon.state !== 'connected') return null
  const { service, number } = server.config
  if (number === undefined) return runningContainer(compose, service)
  // Another container of the service is another server.
  const named = containersOf(compose, service).find(one => one.compose?.number === number)
  if (named?.state === 'running') return named
  throw new LockstepError({ kind: 'container_not_running', service, state: named?.state ?? 'missing' })
}

function listPossible(
  server: ServiceServer,
  compose: ComposeEnvironment,
  container: ContainerFacts | null,
): readonly PossibleWay[] {
  const { docker, declared } = compose
  const ways = listWays({
    service: declared.project.services[server.config.service] ?? null,
    container,
    port: server.containerPort,
    docker,
  })
  const { way } = server.config
  return way === undefined ? ways : ways.filter(one => one.way === way)
}

async function tryWays(
  server: string,
  ways: readonly PossibleWay[],
  signal: AbortSignal,
): Promise<{ readonly taken: PossibleWay | null; readonly tried: readonly WayAttempt[] }> {
  const tried: WayAttempt[] = []
  for (const one of ways) {
    const { host, port } = one.settings
    const outcome =
      one.obstacle ?? (await probePostgres(one.dial, { host, port }, probeDeadlines[one.way], signal))
    const place = one.obstacle === null ? ` at ${host}:${port}` : ''
    debug('docker', () => `way ${one.way} to ${server}${place}: ${outcome ?? 'taken'}`)
    if (outcome === null) return { taken: one, tried }
    tried.push({ way: one.way, outcome })
  }
  return { taken: null, tried }
}

/** A container that starts again may have another port or address: the way is looked up again after a refusal. */
function chooseDial(
  taken: PossibleWay,
  server: ServiceServer,
  compose: ComposeEnvironment,
): () => DialStream {
  if (taken.way === 'container_exec' || compose.docker === null) return taken.dial
  return createRelocatingDial(taken.settings, async () => {
    const again = await compose.refresh(deadlineSignal(5_000))
    const ways = listPossible(server, again, findContainer(server, again))
    return ways.find(one => one.way === taken.way && one.obstacle === null)?.settings ?? taken.settings
  })
}

function baseSettings({ config, credentials, containerPort }: ServiceServer): ServerSettings {
  const user = config.user ?? credentials.user
  return {
    name: config.name,
    cluster: config.cluster,
    declaredRole: config.role,
    ...(config.replay === undefined ? {} : { declaredReplay: config.replay }),
    host: config.service,
    port: containerPort,
    user,
    // The password of the service's user is not used for others.
    password: config.password ?? (user === credentials.user ? credentials.password : null),
    maintenanceDatabase: config.database,
    tls: config.tls,
  }
}
