import type { LagSeries } from '../../../../shared/api/topology-view.ts'
import { describeWay } from '../../../../shared/server/server-way.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { formatVersion } from '../facts/server-facts.tsx'
import { Names } from '../model/names.tsx'
import { judgeServer } from '../model/server-health.ts'
import type { TopologyNode } from '../model/topology-node.ts'

type ServerNode = Extract<TopologyNode, { kind: 'server' }>

interface ServerTableProps {
  readonly servers: readonly ServerNode[]
  readonly lag: readonly LagSeries[]
  /** Whom each takes its changes from, by node. */
  readonly senders: ReadonlyMap<string, string>
  /** The services that depend on each, by node. */
  readonly users: ReadonlyMap<string, readonly string[]>
  readonly current: string | null
  readonly onOpen: (id: string) => void
}

/** Every server: the same as the drawing says, and more exactly. */
export function ServerTable({ servers, lag, senders, users, current, onOpen }: ServerTableProps) {
  const healthOf = ({ server }: ServerNode) =>
    judgeServer(server, lag.find(series => series.server === server.server) ?? null)
  const columns: readonly Column<ServerNode>[] = [
    { id: 'server', title: 'Server', width: 'minmax(130px, 2fr)', cell: ({ server }) => server.server },
    {
      id: 'state',
      title: 'State',
      width: 'minmax(130px, 1.5fr)',
      cell: node => {
        const { status, word } = healthOf(node)
        return <StatusMark status={status} word={word} />
      },
    },
    { id: 'lag', title: 'Behind', width: 'minmax(130px, 1fr)', cell: node => healthOf(node).lag || '-' },
    {
      id: 'from',
      title: 'Takes from',
      width: 'minmax(110px, 1fr)',
      cell: node => senders.get(node.id)?.replace(/^server:/, '') ?? '-',
    },
    {
      id: 'users',
      title: 'Used by',
      width: 'minmax(110px, 1fr)',
      cell: node => <Names names={users.get(node.id) ?? []} />,
    },
    {
      id: 'role',
      title: 'Role',
      width: 'minmax(110px, 1fr)',
      cell: ({ server: { role, declaredRole } }) =>
        role === declaredRole ? role : `${role}, declared ${declaredRole}`,
    },
    {
      id: 'version',
      title: 'Version',
      width: 'minmax(70px, 0.5fr)',
      cell: ({ server }) => formatVersion(server.version) ?? '-',
    },
    { id: 'cluster', title: 'Cluster', width: 'minmax(80px, 1fr)', cell: ({ server }) => server.cluster },
    {
      id: 'endpoint',
      title: 'Endpoint',
      width: 'minmax(150px, 1fr)',
      cell: ({ server }) => <code>{server.endpoint}</code>,
    },
    {
      id: 'way',
      title: 'Way',
      width: 'minmax(120px, 1fr)',
      cell: ({ server }) => (server.way ? describeWay(server.way) : '-'),
    },
  ]
  return (
    <DataTable
      label="Servers"
      columns={columns}
      rows={servers}
      keyOf={node => node.id}
      current={current}
      onOpen={node => onOpen(node.id)}
      maxHeight={320}
    />
  )
}
