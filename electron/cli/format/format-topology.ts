import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { describeWay } from '../../../shared/server/server-way.ts'
import { countOf, formatDuration } from '../../../shared/text/plain-words.ts'
import type { ReplicationLink } from '../../../shared/topology/discovered-project.ts'
import type { ServerObservation, SubscriptionState, Topology } from '../../../shared/topology/topology.ts'
import { describeUndeclared } from '../../discovery/describe-undeclared.ts'
import { formatPassedOver } from './format-passed-over.ts'
import { formatTable } from './format-table.ts'
import { formatUnreadable } from './format-unreadable.ts'

/** Servers as declared and as observed, and the tenants, for reading. */
export function formatTopology(topology: Topology): string {
  return formatClusters(topology, [])
}

/** Clusters with their servers and tenants; links say from where a standby takes its WAL. */
export function formatClusters(
  { clusters, tenants, unreadable = [], passedOver = [] }: Topology,
  links: readonly ReplicationLink[],
): string {
  return clusters
    .map(cluster => {
      const servers = [cluster.primary, ...cluster.standbys, ...(cluster.subscribers ?? [])].map(server =>
        describeServer(server, cluster.primary, links),
      )
      const own = tenants.filter(tenant => tenant.cluster === cluster.name)
      const rows = own.map(tenant => [
        tenant.name,
        tenant.schema === undefined ? tenant.database : `${tenant.database}, schema ${tenant.schema}`,
        tenant.appRole ?? '-',
      ])
      const closed = unreadable
        .filter(one => one.cluster === cluster.name)
        .map(one => [one.tenant, formatUnreadable(one), '-'])
      const head = ['server', 'declared', 'observed', 'way', 'endpoint', 'version', 'replication', 'lag']
      return `cluster ${cluster.name}\n${formatTable(head, servers)}\n${formatTable(['tenant', 'database', 'role'], [...rows, ...closed])}${(cluster.undeclared ?? []).map(one => `\nwarning  ${one.sender}: ${describeUndeclared(one)}\n`).join('')}`
    })
    .concat(formatPassedOver({ passedOver }) || [])
    .join('\n')
}

function describeServer(
  server: ServerObservation,
  primary: ServerObservation,
  links: readonly ReplicationLink[],
): readonly string[] {
  return [
    server.server,
    server.declaredRole,
    isForeign(server, primary) ? `${server.role} of another cluster` : server.role,
    server.way ? describeWay(server.way) : '-',
    server.endpoint,
    server.version === null ? '-' : `${Math.floor(server.version / 10_000)}.${server.version % 10_000}`,
    describeReplication(server, links),
    describeLag(server),
  ]
}

function isForeign(server: ServerObservation, primary: ServerObservation): boolean {
  if (server.declaredRole === 'subscriber') return false
  return server.systemIdentifier !== null && server.systemIdentifier !== primary.systemIdentifier
}

function describeReplication(server: ServerObservation, links: readonly ReplicationLink[]): string {
  if (server.failure) return describeFailure(server.failure).what
  const { replication, subscriptions } = server
  if (subscriptions) return describeSubscriptions(subscriptions)
  if (!replication) return '-'
  const source = links.find(link => link.server === server.server && link.kind === 'streaming')?.from
  const receiver = `${replication.receiver ?? 'no receiver'}${source === undefined ? '' : ` from ${source}`}`
  const { applyDelayMs = 0 } = replication
  return [
    server.declaredReplay === 'archive' && replication.receiver === null
      ? 'from an archive, as declared'
      : receiver,
    applyDelayMs > 0
      ? `${formatDuration(applyDelayMs)} late${server.declaredReplay === 'delayed' ? ', as declared' : ''}`
      : '',
    replication.replayPause === 'not paused' ? '' : `replay ${replication.replayPause}`,
  ]
    .filter(text => text !== '')
    .join(', ')
}

/** Each subscription with what its apply worker does. */
export function describeSubscriptions(subscriptions: readonly SubscriptionState[]): string {
  if (subscriptions.length === 0) return 'no subscription'
  return subscriptions
    .map(({ name, isEnabled, isApplying, applyErrors }) => {
      const state = !isEnabled ? 'disabled' : isApplying ? 'applying' : 'not applying'
      return `${name} ${state}${applyErrors ? `, ${countOf(applyErrors, 'error')}` : ''}`
    })
    .join('; ')
}

function describeLag({ replication }: ServerObservation): string {
  if (!replication) return '-'
  const bytes = replication.lagBytes === null ? 'unknown' : `${replication.lagBytes} B`
  return replication.lagSeconds === null
    ? `${bytes}, idle`
    : `${bytes}, ${replication.lagSeconds.toFixed(1)} s`
}
