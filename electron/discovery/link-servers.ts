import type {
  ReplicationLink,
  ReplicationReceiver,
  ServerLinks,
} from '../../shared/topology/discovered-project.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'
import { findServersAt, type ServerAddress } from './server-addresses.ts'

/** What was seen of servers that stand in relation to one another. */
export interface ServerEvidence {
  readonly observations: readonly ServerObservation[]
  readonly links: readonly ServerLinks[]
  readonly addresses: readonly ServerAddress[]
}

/** A receiver of WAL that is none of the known servers. */
export interface UnknownReceiver {
  readonly server: string
  readonly receiver: ReplicationReceiver
}

/** Proves who takes WAL, or logical changes, from whom. */
export function linkServers(evidence: ServerEvidence): {
  readonly links: readonly ReplicationLink[]
  readonly unknown: readonly UnknownReceiver[]
} {
  const matched = evidence.links.map(link => ({ server: link.server, ...matchReceivers(link, evidence) }))
  const standbys = evidence.observations.filter(one => one.role === 'standby')
  const streaming = standbys.flatMap(standby => {
    const upstreams = findUpstreams(standby, evidence)
    const senders = matched
      .filter(({ standbys: claimed }) => claimed.has(standby.server))
      .map(({ server }) => server)
    return linkStandby(standby.server, upstreams, senders) ?? []
  })
  const unknown = matched.flatMap(({ server, strangers }) =>
    strangers.map(receiver => ({ server, receiver })),
  )
  return { links: [...streaming, ...linkSubscribers(evidence)], unknown }
}

/** The standby's own word comes first: what its sender knows of it are an address and a name that is easily copied. */
function linkStandby(
  server: string,
  upstreams: readonly string[],
  senders: readonly string[],
): ReplicationLink | null {
  const told = only(upstreams) ?? only(upstreams.filter(one => senders.includes(one)))
  if (told !== null) {
    return { server, from: told, kind: 'streaming', evidence: senders.includes(told) ? 'both' : 'receiver' }
  }
  const from = upstreams.length === 0 ? only(senders) : null
  return from === null ? null : { server, from, kind: 'streaming', evidence: 'sender' }
}

/** An address can be worn by several servers, such as 127.0.0.1: WAL comes from one's own cluster only. */
function findUpstreams(standby: ServerObservation, evidence: ServerEvidence): readonly string[] {
  const upstream = evidence.links.find(link => link.server === standby.server)?.upstream
  if (!upstream) return []
  const found = findServersAt(evidence.addresses, upstream.host, upstream.port)
  return found.filter(name => isOfSameCluster(evidence, name, standby))
}

function isOfSameCluster({ observations }: ServerEvidence, name: string, standby: ServerObservation) {
  const other = observations.find(one => one.server === name)
  if (!other || other.server === standby.server || other.systemIdentifier === null) return false
  return other.systemIdentifier === standby.systemIdentifier
}

/** Says which standbys a sender's list names, and who on it is a stranger. */
function matchReceivers(sender: ServerLinks, evidence: ServerEvidence) {
  const candidates = evidence.observations.filter(one => {
    if (one.role !== 'standby' || !isOfSameCluster(evidence, sender.server, one)) return false
    const upstreams = findUpstreams(one, evidence)
    return upstreams.length === 0 || upstreams.includes(sender.server)
  })
  const isNamed = (server: string, { applicationName }: ReplicationReceiver) =>
    server === applicationName || findServersAt(evidence.addresses, applicationName, null).includes(server)
  const standbys = new Set<string>()
  const strangers: ReplicationReceiver[] = []
  // Those whose name fits choose first, where several share an address.
  const streams = sender.receivers.filter(isStream)
  const byName = streams.filter(receiver => candidates.some(one => isNamed(one.server, receiver)))
  for (const receiver of [...byName, ...streams.filter(one => !byName.includes(one))]) {
    const free = candidates.map(one => one.server).filter(server => !standbys.has(server))
    const named = free.filter(server => isNamed(server, receiver))
    const address = receiver.clientAddress
    const there = address === null ? [] : findServersAt(evidence.addresses, address, null)
    const near = free.filter(server => there.includes(server))
    const match =
      only(near) ?? only(near.filter(server => named.includes(server))) ?? (near.length ? null : only(named))
    if (match !== null) standbys.add(match)
    else if (near.length === 0 && !isExplained(receiver, sender.server, there, evidence))
      strangers.push(receiver)
  }
  return { standbys, strangers }
}

/** A base backup is no receiver, though it shows up as one. */
function isStream({ applicationName, state, kind }: ReplicationReceiver): boolean {
  return (
    kind !== 'archiver' && state !== 'backup' && state !== 'startup' && applicationName !== 'pg_basebackup'
  )
}

/** A subscriber, or a server that could not be asked itself. */
function isExplained(
  receiver: ReplicationReceiver,
  sender: string,
  there: readonly string[],
  { observations, links }: ServerEvidence,
): boolean {
  const isSubscription = links.some(
    ({ server, subscriptions }) =>
      server !== sender && subscriptions.some(one => one.name === receiver.applicationName),
  )
  const isSilent = observations.some(one => one.role === 'unreachable' && there.includes(one.server))
  return isSubscription || isSilent
}

function linkSubscribers(evidence: ServerEvidence): readonly ReplicationLink[] {
  return evidence.observations
    .filter(one => one.role === 'primary')
    .flatMap(subscriber => {
      const publishers = evidence.observations.filter(
        publisher => listSubscriptions(subscriber, publisher, evidence).length > 0,
      )
      return publishers.map(({ server }) => ({
        server: subscriber.server,
        from: server,
        kind: 'logical' as const,
        evidence: 'subscription' as const,
      }))
    })
}

/** Names of the subscriptions that one server has to another of another cluster. A standby only has a copy of its primary's. */
export function listSubscriptions(
  subscriber: ServerObservation,
  publisher: ServerObservation,
  { observations, links, addresses }: ServerEvidence,
): readonly string[] {
  const own = links.find(link => link.server === subscriber.server)?.subscriptions ?? []
  const foreign = new Set(
    observations
      .filter(one => one.systemIdentifier !== null && one.systemIdentifier !== subscriber.systemIdentifier)
      .map(one => one.server),
  )
  return own
    .filter(({ publisherHost, publisherPort }) => {
      if (publisherHost === null) return false
      const found = findServersAt(addresses, publisherHost, publisherPort).filter(one => foreign.has(one))
      return only(found) === publisher.server
    })
    .map(subscription => subscription.name)
}

function only(names: readonly string[]): string | null {
  return names.length === 1 ? (names[0] ?? null) : null
}
