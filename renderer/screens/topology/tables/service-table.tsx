import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { formatPorts } from '../facts/service-facts.tsx'
import { Names } from '../model/names.tsx'
import { stateOfService, statusOfService } from '../model/service-status.ts'
import type { TopologyNode } from '../model/topology-node.ts'

type ServiceNode = Extract<TopologyNode, { kind: 'service' }>

const columns: readonly Column<ServiceNode>[] = [
  { id: 'service', title: 'Service', width: 'minmax(130px, 2fr)', cell: ({ service }) => service.service },
  {
    id: 'state',
    title: 'State',
    width: 'minmax(170px, 1.5fr)',
    cell: ({ service, isObserved }) => (
      <StatusMark status={statusOfService(service)} word={stateOfService(service, isObserved)} />
    ),
  },
  { id: 'kind', title: 'Kind', width: 'minmax(90px, 1fr)', cell: ({ service }) => service.kind },
  {
    id: 'depends',
    title: 'Depends on',
    width: 'minmax(130px, 1.5fr)',
    cell: ({ service }) => <Names names={service.dependsOn} />,
  },
  {
    id: 'image',
    title: 'Image',
    width: 'minmax(150px, 2fr)',
    cell: ({ service }) => <code>{service.image ?? '-'}</code>,
  },
  {
    id: 'container',
    title: 'Container',
    width: 'minmax(150px, 2fr)',
    cell: ({ service }) => <code>{service.container?.name ?? '-'}</code>,
  },
  {
    id: 'restarts',
    title: 'Restarts',
    width: 'minmax(80px, 0.5fr)',
    cell: ({ service }) => service.container?.restarts ?? '-',
  },
  { id: 'ports', title: 'Ports', width: 'minmax(150px, 2fr)', cell: ({ service }) => formatPorts(service) },
]

interface ServiceTableProps {
  readonly services: readonly ServiceNode[]
  readonly current: string | null
  readonly onOpen: (id: string) => void
}

/** Every service of the Compose files, PostgreSQL or not, and what its container does. */
export function ServiceTable({ services, current, onOpen }: ServiceTableProps) {
  return (
    <DataTable
      label="Services"
      columns={columns}
      rows={services}
      keyOf={node => node.id}
      current={current}
      onOpen={node => onOpen(node.id)}
      maxHeight={320}
    />
  )
}
