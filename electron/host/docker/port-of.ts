import { classifyService } from '../../discovery/classify-service.ts'
import type { ComposeEnvironment } from './open-compose-environment.ts'

/** Where the server of a service listens in its container. */
export function portOf(service: string, compose: ComposeEnvironment): number {
  const declared = compose.declared.project.services[service]
  return declared ? classifyService(declared).port : 5432
}
