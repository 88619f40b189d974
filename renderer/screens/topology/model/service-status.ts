import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'
import type { Status } from '../../../status/status.ts'

/** The state of a service in a word: its health where it has a check, its container's state otherwise. */
export function stateOfService({ container }: ServiceObservation, isObserved: boolean): string {
  if (container === null) return isObserved ? 'no container' : 'not observed'
  return container.state === 'running' && container.health !== null ? container.health : container.state
}

/** The status that a service is shown with. */
export function statusOfService(service: ServiceObservation): Status {
  switch (stateOfService(service, true)) {
    case 'healthy':
    case 'running':
      return 'passed'
    case 'starting':
    case 'restarting':
      return 'running'
    case 'unhealthy':
    case 'dead':
      return 'failed'
    case 'paused':
      return 'warned'
    case 'exited':
    case 'removing':
      return 'cancelled'
    default:
      return 'pending'
  }
}
