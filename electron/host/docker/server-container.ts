import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Docker } from '../../adapters/docker/docker.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { type ComposeEnvironment, containersOf, runningContainer } from './open-compose-environment.ts'
import { portOf } from './port-of.ts'

/** The service that a server is, for programs that are run in its container. */
export interface ServerService {
  readonly service: string
  /** Where the server listens in its container. */
  readonly port: number
  /** Looks at the containers again: they come and go while a program of ours is at work. */
  locate(signal: AbortSignal): Promise<{ readonly docker: Docker; readonly containerId: string }>
}

/** Finds the service that a server of the configuration is; null for one that is none. */
export type FindService = (server: string) => ServerService | null

/** Finds services of a Compose project. */
export function createFindService(config: ProjectConfig, compose: ComposeEnvironment): FindService {
  return name => {
    const server = config.servers.find(one => one.name === name)
    if (server?.service === undefined) return null
    const { service, number } = server
    return {
      service,
      port: server.port ?? portOf(service, compose),
      async locate(signal) {
        const now = await compose.refresh(signal)
        const all = containersOf(now, service)
        const numbered = all.find(one => one.compose?.number === number && one.state === 'running')
        // A service of several containers without the one that is meant: another one is another server.
        if (number !== undefined && !numbered)
          throw new LockstepError({ kind: 'container_not_running', service, state: 'missing' })
        const { id } = numbered ?? runningContainer(now, service)
        if (!now.docker) throw new LockstepError({ kind: 'container_not_running', service, state: 'missing' })
        return { docker: now.docker, containerId: id }
      },
    }
  }
}
