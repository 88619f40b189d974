import { LockstepError } from '../../../shared/failure/failure.ts'
import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { AlembicTarget } from '../migrations/create-source.ts'
import { createContainerHost } from './container-host.ts'
import { type ForwardedSocket, forwardSocket } from './forward-socket.ts'
import { innerAddress } from './inner-address.ts'
import { type ComposeEnvironment, containersOf, runningContainer } from './open-compose-environment.ts'
import { portOf } from './port-of.ts'

/** A place to run Alembic from; the caller must close it. */
export interface OpenedAlembicTarget extends AlembicTarget {
  close(): Promise<void>
}

/** Alembic on this machine, where every server has the address that Lockstep itself uses. */
export const localTarget: OpenedAlembicTarget = {
  host: null,
  addressOf: ({ host, port }) => ({ host, port }),
  close: async () => undefined,
}

/** Opens the place where the project's Alembic runs: the container of its service, or this machine. */
export async function openAlembicTarget(
  config: ProjectConfig,
  servers: readonly ServerSettings[],
  compose: ComposeEnvironment,
): Promise<OpenedAlembicTarget> {
  const service = config.migrations.alembic?.service
  return service === undefined ? forwardTunnels(config, servers) : enterService(service, config, compose)
}

function enterService(
  service: string,
  config: ProjectConfig,
  compose: ComposeEnvironment,
): OpenedAlembicTarget {
  const { docker } = compose
  const app = runningContainer(compose, service)
  if (!docker) throw new LockstepError({ kind: 'container_not_running', service, state: 'missing' })
  return {
    host: createContainerHost(docker, app.id, service),
    addressOf: server => {
      const target = config.servers.find(one => one.name === server.name)
      if (target?.service === undefined) return { host: server.host, port: server.port }
      const all = containersOf(compose, target.service)
      const numbered = all.find(one => one.compose?.number === target.number && one.state === 'running')
      return innerAddress(app, {
        container: numbered ?? runningContainer(compose, target.service),
        // The name of a service that has several containers leads to any of them.
        service: all.length === 1 ? target.service : null,
        port: target.port ?? portOf(target.service, compose),
      })
    },
    close: async () => undefined,
  }
}

/** A program of this machine cannot use a stream of ours: it gets a socket that leads to it. */
async function forwardTunnels(
  config: ProjectConfig,
  servers: readonly ServerSettings[],
): Promise<OpenedAlembicTarget> {
  const tunnelled = config.migrations.alembic
    ? servers.filter(server => server.declaredRole === 'primary' && server.way === 'container_exec')
    : []
  const opened = new Map<string, ForwardedSocket>()
  const close = async () => {
    await Promise.all([...opened.values()].map(socket => socket.close()))
  }
  try {
    for (const server of tunnelled) opened.set(server.name, await forwardSocket(server))
  } catch (error) {
    await close()
    throw error
  }
  return {
    host: null,
    addressOf: server => {
      const socket = opened.get(server.name)
      return socket ? { host: socket.host, port: socket.port } : { host: server.host, port: server.port }
    },
    close,
  }
}
