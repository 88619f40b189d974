import type {
  ComposeLabels,
  ContainerFacts,
  ContainerMount,
  ContainerNetwork,
  ContainerState,
  PublishedPort,
} from '../../../shared/server/docker-container.ts'
import type { ContainerJson } from './container-json.ts'

const shortIdLength = 12

/** Makes facts of what the daemon answers about a container; its environment stays behind. */
export function describeContainer(json: ContainerJson): ContainerFacts {
  const { State: state, Config: config } = json
  const hasStarted = state.StartedAt !== '' && !state.StartedAt.startsWith('0001-')
  const word = readState(state.Status, state.Running)
  return {
    id: json.Id,
    name: json.Name.replace(/^\//, ''),
    image: config.Image,
    imageId: readImageId(json.Image),
    state: word,
    health: readHealth(state.Health?.Status),
    restarts: json.RestartCount,
    startedAt: hasStarted ? state.StartedAt : null,
    exitCode: hasStarted && word !== 'running' && word !== 'paused' ? state.ExitCode : null,
    workingDir: config.WorkingDir === '' ? '/' : config.WorkingDir,
    command: [json.Path, ...json.Args].filter((part, index) => index > 0 || part !== ''),
    compose: readLabels(config.Labels),
    networks: readNetworks(json),
    networkMode: readNetworkMode(json.HostConfig.NetworkMode),
    ports: readPorts(json.NetworkSettings.Ports),
    mounts: json.Mounts.map(readMount),
  }
}

/** Splits variables at their first equals sign. */
export function readVariables(variables: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    variables
      .filter(variable => variable.includes('='))
      .map(variable => {
        const at = variable.indexOf('=')
        return [variable.slice(0, at), variable.slice(at + 1)]
      }),
  )
}

/** Podman leaves out how the digest was made. */
function readImageId(id: string): string | null {
  if (id === '') return null
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id
}

/** Podman has more words than Docker. */
function readState(status: string, isRunning: boolean): ContainerState {
  switch (status) {
    case 'created':
    case 'running':
    case 'paused':
    case 'restarting':
    case 'removing':
    case 'exited':
    case 'dead':
      return status
    case 'configured':
    case 'initialized':
      return 'created'
    case 'stopped':
      return 'exited'
    default:
      return isRunning ? 'running' : 'exited'
  }
}

function readHealth(status: string | undefined): ContainerFacts['health'] {
  return status === 'starting' || status === 'healthy' || status === 'unhealthy' ? status : null
}

function readLabels(labels: Readonly<Record<string, string>>): ComposeLabels | null {
  const read = (name: string): string | undefined =>
    labels[`com.docker.compose.${name}`] ?? labels[`io.podman.compose.${name}`]
  const project = read('project')
  const service = read('service')
  if (!project || !service) return null
  const number = Number.parseInt(read('container-number') ?? '', 10)
  return {
    project,
    service,
    number: Number.isNaN(number) ? 1 : number,
    workingDir: read('project.working_dir') ?? '',
    configFiles: (read('project.config_files') ?? '').split(',').filter(file => file !== ''),
    oneOff: read('oneoff')?.toLowerCase() === 'true',
  }
}

function readNetworks(json: ContainerJson): readonly ContainerNetwork[] {
  const shortId = json.Id.slice(0, shortIdLength)
  return Object.entries(json.NetworkSettings.Networks).map(([name, network]) => ({
    name,
    address: network.IPAddress || network.GlobalIPv6Address || null,
    // Docker names aliases in one field before version 25, and in two since.
    aliases: [...new Set([...network.Aliases, ...network.DNSNames])].filter(alias => alias !== shortId),
  }))
}

/** `default` is what `docker run` writes for the network `bridge`. */
function readNetworkMode(mode: string): string {
  return mode === '' || mode === 'default' ? 'bridge' : mode
}

function readPorts(ports: ContainerJson['NetworkSettings']['Ports']): readonly PublishedPort[] {
  return Object.entries(ports).flatMap(([key, bindings]) => {
    const [containerPort = '', protocol = 'tcp'] = key.split('/')
    return (bindings ?? [])
      .map(({ HostIp: address, HostPort: port }) => ({
        containerPort: Number(containerPort),
        protocol,
        hostAddress: address === '' ? '0.0.0.0' : address,
        hostPort: Number(port),
      }))
      .filter(({ hostPort }) => Number.isInteger(hostPort) && hostPort > 0)
  })
}

function readMount(mount: ContainerJson['Mounts'][number]): ContainerMount {
  return {
    type: mount.Type,
    source: mount.Type === 'volume' && mount.Name !== '' ? mount.Name : mount.Source,
    destination: mount.Destination,
    readOnly: !mount.RW,
  }
}
