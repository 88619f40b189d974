import { describeFailure } from '../../shared/describe-failure.ts'
import type { ServerObservation, Topology } from '../../shared/topology.ts'
import { formatTable } from './format-table.ts'

/** Servers as declared and as observed, and the tenants, for reading. */
export function formatTopology(topology: Topology): string {
  return topology.clusters
    .map(cluster => {
      const servers = [cluster.primary, ...cluster.standbys].map(server =>
        describeServer(server, cluster.primary),
      )
      const tenants = topology.tenants.filter(tenant => tenant.cluster === cluster.name)
      const rows = tenants.map(tenant => [tenant.name, tenant.database, tenant.appRole ?? '-'])
      const head = ['server', 'declared', 'observed', 'endpoint', 'version', 'replication', 'lag']
      return `cluster ${cluster.name}\n${formatTable(head, servers)}\n${formatTable(['tenant', 'database', 'role'], rows)}`
    })
    .join('\n')
}

function describeServer(server: ServerObservation, primary: ServerObservation): readonly string[] {
  return [
    server.server,
    server.declaredRole,
    isForeign(server, primary) ? `${server.role} of another cluster` : server.role,
    server.endpoint,
    server.version === null ? '-' : `${Math.floor(server.version / 10_000)}.${server.version % 10_000}`,
    describeReplication(server),
    describeLag(server),
  ]
}

function isForeign(server: ServerObservation, primary: ServerObservation): boolean {
  return server.systemIdentifier !== null && server.systemIdentifier !== primary.systemIdentifier
}

function describeReplication(server: ServerObservation): string {
  if (server.failure) return describeFailure(server.failure).what
  const { replication } = server
  if (!replication) return '-'
  const receiver = replication.receiver ?? 'no receiver'
  return replication.replayPause === 'not paused'
    ? receiver
    : `${receiver}, replay ${replication.replayPause}`
}

function describeLag({ replication }: ServerObservation): string {
  if (!replication) return '-'
  const bytes = replication.lagBytes === null ? 'unknown' : `${replication.lagBytes} B`
  return replication.lagSeconds === null
    ? `${bytes}, idle`
    : `${bytes}, ${replication.lagSeconds.toFixed(1)} s`
}
