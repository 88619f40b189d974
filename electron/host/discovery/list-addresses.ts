import type { ComposeEnvironment } from '../docker/open-compose-environment.ts'
import { portOf } from '../docker/port-of.ts'
import { containerOf, type ServerCandidate } from './observe-services.ts'

/** Names and addresses under which servers know one another. */
export interface KnownAddress {
  readonly server: string
  readonly hosts: readonly string[]
  readonly port: number
}

/** Every name that leads to a server in the project's networks: service, container, aliases, addresses. */
export function listAddresses(
  candidates: readonly ServerCandidate[],
  compose: ComposeEnvironment,
): readonly KnownAddress[] {
  return candidates.map(candidate => {
    const declared = compose.declared.project.services[candidate.service]
    const container = containerOf(compose, candidate)
    const hosts = [
      candidate.service,
      declared?.containerName,
      declared?.hostname,
      ...Object.values(declared?.networks ?? {}).flatMap(network => [
        ...network.aliases,
        network.ipv4Address,
      ]),
      container?.name,
      ...(container?.networks ?? []).flatMap(network => [...network.aliases, network.address]),
    ]
    return {
      server: candidate.name,
      hosts: [...new Set(hosts.flatMap(host => host ?? []))],
      port: portOf(candidate.service, compose),
    }
  })
}
