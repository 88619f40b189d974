import type { ReplicationReceiver, ServerLinks } from '../../shared/topology/discovered-project.ts'
import type { ServerObservation, UndeclaredStandby } from '../../shared/topology/topology.ts'

/**
 * Standbys that stream from the servers of a cluster and are not declared.
 *
 * Receivers are matched with the declared standbys by slot, then by name; a declared standby that is left takes one of the
 * receivers that are left, since neither slot nor name is needed to stream.
 */
export function findUndeclared(
  links: readonly ServerLinks[],
  standbys: readonly ServerObservation[],
): readonly UndeclaredStandby[] {
  const streams = links.flatMap(({ server, receivers }) =>
    receivers.filter(isStandby).map(receiver => ({ server, receiver })),
  )
  const declared = standbys
    .filter(({ replication }) => replication?.hasReceiver ?? replication?.receiver != null)
    .map(({ server }) => ({ server, upstream: links.find(link => link.server === server)?.upstream ?? null }))
  const free = new Set(streams)
  const unmatched = declared.filter(({ server, upstream }) => {
    const found =
      [...free].find(({ receiver }) => upstream?.slot != null && receiver.slot === upstream.slot) ??
      [...free].find(({ receiver }) => isNamed(receiver, [server, upstream?.applicationName ?? server]))
    if (found) free.delete(found)
    return found === undefined
  })
  const left = [...free]
  // What is hidden from the login is the first to be a standby that is known.
  const ordered = [...left.filter(({ receiver }) => receiver.kind === 'unknown'), ...left.filter(isSeen)]
  return ordered.slice(unmatched.length).map(({ server, receiver }) => ({
    sender: server,
    applicationName: receiver.applicationName,
    clientAddress: receiver.clientAddress,
    isCertain: receiver.kind === 'standby' && unmatched.length === 0,
  }))
}

function isSeen({ receiver }: { readonly receiver: ReplicationReceiver }): boolean {
  return receiver.kind !== 'unknown'
}

/** Logical subscribers, base backups and archivers take WAL too, and replay none. */
function isStandby({ kind }: ReplicationReceiver): boolean {
  return kind === 'standby' || kind === 'unknown'
}

function isNamed({ applicationName }: ReplicationReceiver, names: readonly string[]): boolean {
  return names.includes(applicationName)
}
