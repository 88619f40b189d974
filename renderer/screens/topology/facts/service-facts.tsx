import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'
import { CopyButton } from '../../../ui/copy-button.tsx'
import { StatusMark } from '../../../ui/status-mark.tsx'
import { stateOfService, statusOfService } from '../model/service-status.ts'
import { FactList, type FactRow } from './fact-list.tsx'
import { writeLogsCommand } from './logs-command.ts'
import styles from './side-panel.module.css'

interface ServiceFactsProps {
  readonly service: ServiceObservation
  /** Whether a daemon was asked for its container. */
  readonly isObserved: boolean
}

/** One service as its Compose file declares it, and its container as the daemon describes it. */
export function ServiceFacts({ service, isObserved }: ServiceFactsProps) {
  const { container, kind, reason, image, isDeclared, dependsOn } = service
  const logs = writeLogsCommand(service)
  return (
    <>
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
          ['Declared', isDeclared ? 'in a Compose file' : 'no Compose file declares it'],
          ...(isDeclared
            ? ([
                ['Declared image', image === null ? 'none: it is built' : <code key="image">{image}</code>],
                ['Depends on', dependsOn.length === 0 ? 'nothing' : dependsOn.join(', ')],
              ] as const)
            : []),
          ...(container ? listContainer(container, service) : []),
        ]}
      />
      {logs !== null && (
        <div className={styles.action}>
          <CopyButton text={logs} label="Copy docker logs command" />
        </div>
      )}
    </>
  )
}

function listContainer(
  container: NonNullable<ServiceObservation['container']>,
  service: ServiceObservation,
): readonly FactRow[] {
  const { name, image, imageId, state, health, restarts } = container
  return [
    ['Container', <code key="container">{name}</code>],
    ['Image', image === '' ? null : <code key="image">{image}</code>],
    ['Image digest', imageId && <code key="digest">{imageId}</code>],
    ['Container state', state],
    ['Health', health ?? 'no health check'],
    ['Restarts', restarts],
    ['Ports', formatPorts(service)],
  ]
}

/** Published ports, such as "5432 on 127.0.0.1:54321". */
export function formatPorts({ container }: ServiceObservation): string {
  const ports = (container?.ports ?? []).map(
    port => `${port.containerPort} on ${port.hostAddress}:${port.hostPort}`,
  )
  return ports.length === 0 ? 'none published' : [...new Set(ports)].join(', ')
}
