import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'
import type Dockerode from 'dockerode'
import type { EndpointTarget, TlsSettings } from './endpoint.ts'
import { SshStream } from './ssh-stream.ts'

/** A client of one daemon, with every connection that it makes in view. */
export interface OpenEngine {
  readonly engine: Dockerode
  /** Ends every connection, those of running programs and tunnels too, and waits until they are gone. */
  close(): Promise<void>
}

/** An endpoint that something can be asked of. */
export type UsableTarget = Exclude<EndpointTarget, { kind: 'unusable' }>

/** What `docker-modem` would read by itself, and would fail on. */
const ownVariables = [
  'DOCKER_HOST',
  'DOCKER_TLS_VERIFY',
  'DOCKER_CERT_PATH',
  'DOCKER_PATH_PREFIX',
  'DOCKER_CLIENT_TIMEOUT',
]

/** Makes a client for an endpoint; nothing is asked yet. */
export async function openEngine(
  target: UsableTarget,
  environment: Readonly<Record<string, string | undefined>>,
  connectSeconds: number,
): Promise<OpenEngine> {
  const { default: Client } = await import('dockerode')
  const agent = createAgent(target, environment, connectSeconds)
  // `docker-modem` describes each request with all that hangs on its agent, even where it is not read: seconds of work.
  Object.defineProperty(agent, inspect.custom, { value: () => 'Agent' })
  const { open, refuseMore } = trackConnections(agent)
  const engine = withoutVariables(() => new Client(clientOptions(target, agent)))
  return {
    engine,
    async close() {
      refuseMore()
      const ends = [...open].map(async stream => {
        const closed = new Promise<void>(resolve => stream.once('close', resolve))
        stream.destroy()
        await closed
      })
      agent.destroy()
      await Promise.all(ends)
    },
  }
}

/** Every option is said, since what is left out comes from the process and not from the endpoint. */
function clientOptions(target: UsableTarget, agent: HttpAgent): Dockerode.DockerOptions {
  const isTls = target.kind === 'tcp' && target.tls !== null
  const options = {
    socketPath: target.kind === 'socket' ? target.path : undefined,
    host: target.kind === 'socket' ? undefined : target.kind === 'ssh' ? 'localhost' : bracket(target.host),
    port: target.kind === 'tcp' ? target.port : undefined,
    protocol: isTls ? ('https' as const) : ('http' as const),
    // It goes before every path, which is also what a prefix does.
    version: target.kind === 'tcp' && target.prefix !== '' ? target.prefix : undefined,
    agent,
    headers: {},
    sshOptions: {},
    ...{ username: undefined, ca: undefined, cert: undefined, key: undefined },
    ...{ timeout: undefined, connectionTimeout: undefined, pathPrefix: '/' },
  }
  // Its type knows no agent and takes no undefined.
  return options as object
}

function createAgent(
  target: UsableTarget,
  environment: Readonly<Record<string, string | undefined>>,
  connectSeconds: number,
): HttpAgent {
  switch (target.kind) {
    case 'socket':
      return new HttpAgent({ keepAlive: false })
    case 'tcp':
      return target.tls === null
        ? new HttpAgent({ keepAlive: true })
        : new HttpsAgent({ keepAlive: true, ...tlsOptions(target.tls) })
    case 'ssh': {
      const agent = new HttpAgent({ keepAlive: true })
      agent.createConnection = () => new SshStream(target, connectSeconds, environment)
      return agent
    }
  }
}

function tlsOptions(tls: TlsSettings): Record<string, unknown> {
  return {
    rejectUnauthorized: tls.verifies,
    ...(tls.ca === null ? {} : { ca: tls.ca }),
    ...(tls.cert === null ? {} : { cert: tls.cert }),
    ...(tls.key === null ? {} : { key: tls.key }),
  }
}

/** A connection that becomes the stream of a program leaves its agent, so the agent alone does not know them all. */
function trackConnections(agent: HttpAgent): {
  readonly open: ReadonlySet<Duplex>
  refuseMore(): void
} {
  const open = new Set<Duplex>()
  const connect = agent.createConnection.bind(agent)
  agent.createConnection = (options, callback) => {
    const stream = connect(options, callback)
    if (stream) {
      open.add(stream)
      stream.once('close', () => open.delete(stream))
    }
    return stream
  }
  const refuseMore = (): void => {
    agent.createConnection = () => {
      throw new Error('the connection to the Docker daemon was closed')
    }
  }
  return { open, refuseMore }
}

function withoutVariables<Result>(make: () => Result): Result {
  const kept = ownVariables.map(name => [name, process.env[name]] as const)
  for (const name of ownVariables) delete process.env[name]
  try {
    return make()
  } finally {
    for (const [name, value] of kept) if (value !== undefined) process.env[name] = value
  }
}

function bracket(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
