import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import type { ServiceObservation } from '../../../shared/topology/discovered-project.ts'
import { classifyService } from '../../discovery/classify-service.ts'
import type { DeclaredRole, FollowedServer } from '../../discovery/declare-role.ts'
import { type ComposeEnvironment, containersOf } from '../docker/open-compose-environment.ts'

/** A PostgreSQL server that is a container of a service. */
export interface ServerCandidate {
  readonly name: string
  readonly service: string
  /** Null: the service's only container. */
  readonly number: number | null
  readonly role: DeclaredRole
  readonly follows: FollowedServer | null
}

/** Services as declared, each with its container; a service with several containers is there several times. */
export function observeServices(compose: ComposeEnvironment): readonly ServiceObservation[] {
  const { project } = compose.declared
  const declared = Object.values(project.services).flatMap(service => {
    const { kind, reason } = classifyService(service)
    const observed = containersOf(compose, service.name)
    const seen = observed.length > 0 ? observed : [null]
    return seen.map(container => ({
      service: service.name,
      kind,
      reason,
      image: service.image,
      isDeclared: true,
      dependsOn: Object.keys(service.dependsOn).toSorted(),
      container: container && describe(container),
    }))
  })
  const orphans = compose.containers.filter(
    one => one.compose !== null && !(one.compose.service in project.services),
  )
  return [
    ...declared,
    ...orphans.map(container => ({
      service: container.compose?.service ?? container.name,
      kind: 'other' as const,
      reason: 'no Compose file declares it',
      image: container.image,
      isDeclared: false,
      dependsOn: [],
      container: describe(container),
    })),
  ]
}

/** The PostgreSQL servers among the services, one for each container. */
export function listServerCandidates(compose: ComposeEnvironment): readonly ServerCandidate[] {
  return Object.values(compose.declared.project.services).flatMap<ServerCandidate>(service => {
    const { kind, role, follows } = classifyService(service)
    if (kind !== 'postgres') return []
    const containers = containersOf(compose, service.name)
    const one = { service: service.name, role, follows }
    if (containers.length < 2) return [{ ...one, name: service.name, number: null }]
    return containers.map(container => {
      const number = container.compose?.number ?? 1
      return { ...one, name: `${service.name}-${number}`, number }
    })
  })
}

/** The container of a candidate, running or not. */
export function containerOf(compose: ComposeEnvironment, candidate: ServerCandidate): ContainerFacts | null {
  const all = containersOf(compose, candidate.service)
  const found = candidate.number === null ? all[0] : all.find(one => one.compose?.number === candidate.number)
  return found ?? null
}

function describe(container: ContainerFacts): ServiceObservation['container'] {
  const { id, name, image, imageId, state, health, restarts, ports, networks } = container
  return { id, name, image, imageId, state, health, restarts, ports, networks }
}
