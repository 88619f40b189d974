import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import type { ServerWay } from '../../../shared/server/server-way.ts'
import type { Docker } from '../../adapters/docker/docker.ts'
import { dialSocket } from '../../adapters/postgres/session/probe-postgres.ts'
import type { DialStream, ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { ComposeService } from '../../compose/nodes/compose-project.ts'

/** A way that may lead to a server, or why it cannot. */
export interface PossibleWay {
  readonly way: ServerWay
  readonly settings: Pick<ServerSettings, 'host' | 'port' | 'way' | 'shownEndpoint' | 'connectTimeoutMs'>
  readonly dial: () => DialStream
  readonly obstacle: string | null
}

/** What ways are made from. */
export interface WayFacts {
  readonly service: ComposeService | null
  readonly container: ContainerFacts | null
  /** Where the server listens in its container. */
  readonly port: number
  readonly docker: Docker | null
}

/** The ways to a server, in the order in which they are tried. */
export function listWays(facts: WayFacts): readonly PossibleWay[] {
  return [publishedPort(facts), containerAddress(facts), containerExec(facts)]
}

function publishedPort({ container, service, port, docker }: WayFacts): PossibleWay {
  const way = 'published_port'
  const observed = container?.ports.find(one => one.containerPort === port && one.protocol === 'tcp')
  if (observed) return onSocket(way, reachableHost(observed.hostAddress, docker), observed.hostPort)
  if (container) return blocked(way, 'no port is published')
  const declared = service?.ports.find(one => one.target === port && one.protocol === 'tcp')
  const published = Number(declared?.published)
  if (!declared || !Number.isInteger(published) || published === 0)
    return blocked(way, 'no fixed port is published')
  return onSocket(way, reachableHost(declared.hostIp ?? '', docker), published)
}

/** Only the daemon's own machine has a route to its containers, and only where they share a kernel. */
function containerAddress({ container, port, docker }: WayFacts): PossibleWay {
  const way = 'container_address'
  if (!container || !docker) return blocked(way, 'the container is not known')
  if (!isLocal(docker)) return blocked(way, 'the daemon is on another machine')
  if (process.platform !== 'linux') return blocked(way, 'this system has no route to containers')
  const address = container.networks.find(network => network.address !== null)?.address
  if (!address) {
    return container.networkMode === 'host'
      ? onSocket(way, '127.0.0.1', port)
      : blocked(way, 'the container has no address')
  }
  return onSocket(way, address, port)
}

function containerExec({ container, port, docker }: WayFacts): PossibleWay {
  const way = 'container_exec'
  if (!container || !docker) return blocked(way, 'the container is not known')
  const shownEndpoint = `docker exec ${container.name} (port ${port})`
  return {
    way,
    settings: { host: '127.0.0.1', port, way, shownEndpoint, connectTimeoutMs: 20_000 },
    dial: () => docker.openTunnel(container.id, port),
    obstacle: null,
  }
}

function onSocket(way: ServerWay, host: string, port: number): PossibleWay {
  return { way, settings: { host, port, way }, dial: dialSocket, obstacle: null }
}

function blocked(way: ServerWay, obstacle: string): PossibleWay {
  return { way, settings: { host: '', port: 0, way }, dial: dialSocket, obstacle }
}

/** A port that is published on every address is taken on the loopback one, or on the daemon's machine. */
function reachableHost(hostAddress: string, docker: Docker | null): string {
  const isAny = hostAddress === '' || hostAddress === '0.0.0.0' || hostAddress === '::'
  if (!isAny) return hostAddress
  if (docker && !isLocal(docker)) return new URL(docker.daemon.endpoint).hostname
  return '127.0.0.1'
}

function isLocal(docker: Docker): boolean {
  const { endpoint } = docker.daemon
  if (/^(unix|npipe):/.test(endpoint)) return true
  return /^(tcp|https?):\/\/(127\.|localhost|\[::1\])/.test(endpoint)
}
