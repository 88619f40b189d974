import { classifyService } from '../../discovery/classify-service.ts'
import type { Surroundings } from './open-compose-environment.ts'

/** Where the server of a service listens in its container. */
export function portOf(service: string, surroundings: Surroundings): number {
  const declared = surroundings.declared.project.services[service]
  return declared ? classifyService(declared).port : 5432
}
