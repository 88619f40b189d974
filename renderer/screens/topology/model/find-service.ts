import type { TopologyView } from '../../../../shared/api/topology-view.ts'
import type { ServiceObservation } from '../../../../shared/topology/discovered-project.ts'

/** The container of a server, where Compose knows one: a service, or one of its numbered containers. */
export function findService({ found }: TopologyView, server: string): ServiceObservation | null {
  const services = (found?.services ?? []).filter(service => service.kind === 'postgres')
  const exact = services.find(service => service.service === server)
  if (exact) return exact
  const numbered = /^(.*)-(\d+)$/.exec(server)
  if (!numbered) return null
  const [, name, number] = numbered
  return (
    services.find(({ service, container }) => service === name && container?.name.endsWith(`-${number}`)) ??
    null
  )
}
