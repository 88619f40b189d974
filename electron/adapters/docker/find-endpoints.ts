import { posix } from 'node:path'
import type { DockerEndpoint } from './endpoint.ts'
import { hideCredentials, parseEndpoint } from './parse-endpoint.ts'
import { readContext, readCurrentContext, readTls } from './read-docker-config.ts'

/** What decides where a daemon is looked for. */
export interface EndpointOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly homeFolder: string
  readonly platform: NodeJS.Platform
}

/** Where to look for a daemon, in the order of the Docker CLI: a choice that was configured is the only one, else the usual places. */
export async function findEndpoints(options: EndpointOptions): Promise<readonly DockerEndpoint[]> {
  const { environment, homeFolder } = options
  const configFolder = environment.DOCKER_CONFIG || posix.join(homeFolder, '.docker')
  if (environment.DOCKER_HOST) {
    return [await readHost(environment.DOCKER_HOST, configFolder, environment)]
  }
  const named = environment.DOCKER_CONTEXT
  const context = named || (await readCurrentContext(configFolder))
  // `default` is the CLI's name for the usual places.
  if (context && context !== 'default') {
    const from = named ? `DOCKER_CONTEXT ${context}` : `context ${context}`
    return [await readContext(configFolder, context, from)]
  }
  return usualPlaces(options)
}

async function readHost(
  host: string,
  configFolder: string,
  environment: EndpointOptions['environment'],
): Promise<DockerEndpoint> {
  const verifies = isSet(environment.DOCKER_TLS_VERIFY)
  const tls =
    verifies || isSet(environment.DOCKER_TLS)
      ? await readTls(environment.DOCKER_CERT_PATH || configFolder, verifies)
      : null
  return { address: hideCredentials(host), from: 'DOCKER_HOST', target: parseEndpoint(host, tls) }
}

function usualPlaces(options: EndpointOptions): readonly DockerEndpoint[] {
  const { environment } = options
  const ofPodman = environment.CONTAINER_HOST
    ? [
        {
          address: hideCredentials(environment.CONTAINER_HOST),
          from: 'CONTAINER_HOST',
          target: parseEndpoint(environment.CONTAINER_HOST, null),
        },
      ]
    : []
  if (options.platform === 'win32') {
    return [
      place('npipe:////./pipe/docker_engine', 'the default pipe'),
      place('npipe:////./pipe/dockerDesktopLinuxEngine', 'Docker Desktop'),
      ...ofPodman,
      place('npipe:////./pipe/podman-machine-default', 'Podman'),
    ]
  }
  const inHome = (path: string): string => `unix://${posix.join(options.homeFolder, path)}`
  const runtime = environment.XDG_RUNTIME_DIR
  return [
    place('unix:///var/run/docker.sock', 'the default socket'),
    ...(runtime ? [place(`unix://${posix.join(runtime, 'docker.sock')}`, 'rootless Docker')] : []),
    place(inHome('.docker/run/docker.sock'), 'Docker Desktop or rootless Docker'),
    place(inHome('.docker/desktop/docker.sock'), 'Docker Desktop'),
    place(inHome('.colima/default/docker.sock'), 'Colima'),
    ...ofPodman,
    ...(runtime ? [place(`unix://${posix.join(runtime, 'podman/podman.sock')}`, 'rootless Podman')] : []),
    place('unix:///run/podman/podman.sock', 'Podman'),
  ]
}

function place(address: string, from: string): DockerEndpoint {
  return { address, from, target: parseEndpoint(address, null) }
}

/** Docker takes any value, `0` too, for yes. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== ''
}
