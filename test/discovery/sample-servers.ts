import { arrangeClusters } from '../../electron/discovery/arrange-clusters.ts'
import type { ArrangeRequest, ServerDeclaration } from '../../electron/discovery/server-declaration.ts'
import type { ServerLinks, Subscription } from '../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'

/** One server of a test: what it is, and how it stands to others. Server names are host names, too. */
export interface SampleServer {
  readonly name: string
  readonly role?: ServerObservation['role']
  readonly declared?: 'primary' | 'standby' | null
  readonly follows?: string
  /** The system identifier. */
  readonly id?: string
  readonly timeline?: number
  readonly receiver?: string | null
  readonly pause?: string
  /** Host that its receiver names. */
  readonly upstream?: string
  /** Address and application name of each receiver; states are `streaming`. */
  readonly receivers?: readonly (readonly [address: string | null, name: string])[]
  readonly states?: string
  readonly subscribes?: Partial<Subscription>
  readonly address?: string
}

/** Arranges a project of such servers. */
export function arrangeSample(servers: readonly SampleServer[]): ReturnType<typeof arrangeClusters> {
  return arrangeClusters(makeArrangement(servers))
}

/** The same servers as the request that is arranged. */
export function makeArrangement(servers: readonly SampleServer[]): ArrangeRequest {
  return {
    observations: servers.map(observe),
    declarations: servers.map(declare),
    links: servers.filter(one => one.role !== 'unreachable').map(link),
    addresses: servers.map(({ name, address }) => ({
      server: name,
      hosts: [name, ...(address ? [address] : [])],
      port: 5432,
    })),
  }
}

function observe(server: SampleServer): ServerObservation {
  const { name, role = 'primary', id = '1', timeline = 1 } = server
  const isKnown = role !== 'unreachable'
  return {
    server: name,
    cluster: '',
    declaredRole: 'primary',
    role,
    endpoint: `${name}:5432`,
    version: isKnown ? 180000 : null,
    systemIdentifier: isKnown ? id : null,
    timeline: isKnown ? timeline : null,
    replication:
      role === 'standby'
        ? {
            receiver: server.receiver === undefined ? 'streaming' : server.receiver,
            replayPause: server.pause ?? 'not paused',
            receivedLsn: null,
            replayedLsn: null,
            lagBytes: null,
            lagSeconds: null,
          }
        : null,
    failure: isKnown
      ? null
      : { kind: 'server_unreachable', server: name, endpoint: `${name}:5432`, code: 'ECONNREFUSED' },
  }
}

function declare({ name, declared = null, follows }: SampleServer): ServerDeclaration {
  return {
    server: name,
    role: { declared, why: declared ? `it is called ${name}` : '' },
    follows: follows ? { host: follows, port: null } : null,
  }
}

function link({ name, upstream, receivers = [], states, subscribes }: SampleServer): ServerLinks {
  return {
    server: name,
    upstream: upstream ? { host: upstream, port: 5432, slot: null } : null,
    receivers: receivers.map(([clientAddress, applicationName]) => ({
      applicationName,
      clientAddress,
      state: states ?? 'streaming',
      syncState: 'async',
    })),
    subscriptions: subscribes
      ? [
          {
            name: 'copied',
            database: 'copy',
            publisherHost: null,
            publisherPort: 5432,
            publisherDatabase: null,
            enabled: true,
            ...subscribes,
          },
        ]
      : [],
  }
}
