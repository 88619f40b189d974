import type { ServiceObservation } from '../../../shared/discovery/discovered-project.ts'
import { StatusMark } from '../../parts/status-mark.tsx'
import { FactList } from './fact-list.tsx'
import { stateOfService, statusOfService } from './service-standing.ts'

interface ServiceFactsProps {
  readonly service: ServiceObservation
  /** Whether a daemon was asked for its container. */
  readonly isObserved: boolean
}

/** One service as its Compose file declares it, and its container as the daemon describes it. */
export function ServiceFacts({ service, isObserved }: ServiceFactsProps) {
  const { container, kind, reason, image, isDeclared } = service
  return (
    <FactList
      rows={[
        ['Service', service.service],
        [
          'State',
          <StatusMark
            key="state"
            status={statusOfService(service)}
            word={stateOfService(service, isObserved)}
          />,
        ],
        ['Kind', `${kind} (${reason})`],
        ['Image', image && <code key="image">{image}</code>],
        ['Declared', isDeclared ? 'in a Compose file' : 'no Compose file declares it'],
        ...(container
          ? ([
              ['Container', <code key="container">{container.name}</code>],
              ['Container state', container.state],
              ['Health', container.health ?? 'no health check'],
              ['Restarts', container.restarts],
              ['Ports', formatPorts(service)],
            ] as const)
          : []),
      ]}
    />
  )
}

/** Published ports, such as "5432 on 127.0.0.1:54321". */
export function formatPorts({ container }: ServiceObservation): string {
  const ports = (container?.ports ?? []).map(
    port => `${port.containerPort} on ${port.hostAddress}:${port.hostPort}`,
  )
  return ports.length === 0 ? 'none published' : [...new Set(ports)].join(', ')
}
