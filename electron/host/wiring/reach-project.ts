import type { ServerSettings } from '../../adapters/postgres/session/server-settings.ts'
import { localTarget, type OpenedAlembicTarget, openAlembicTarget } from '../docker/open-alembic-target.ts'
import { composeOfConfig, openComposeProject } from '../docker/open-compose-project.ts'
import { copiesOf, needsComposeEnvironment, reachServers } from '../docker/reach-servers.ts'
import { createFindService, type FindService } from '../docker/server-container.ts'
import type { Project } from '../settings/load-project.ts'
import { passFileOf } from '../settings/pass-file-of.ts'
import { fillPasswords } from '../settings/remembered-passwords.ts'
import { serverSettingsOf } from '../settings/server-settings-of.ts'

/** How a project's servers are reached, and where its migrations run. */
export interface ReachedProject {
  readonly servers: readonly ServerSettings[]
  readonly findService: FindService
  /** Opens the place where migrations run; the caller must close it. */
  openSite(): Promise<OpenedAlembicTarget>
  close(): Promise<void>
}

/** Finds the ways to a project's servers; the daemon is asked only where something is a service of a Compose project. */
export async function reachProject(project: Project): Promise<ReachedProject> {
  const { config, folder, remembered } = project
  const passFile = passFileOf(project)
  const fill = (settings: readonly ServerSettings[]): Promise<readonly ServerSettings[]> => {
    const named = passFile === null ? settings : settings.map(one => ({ ...one, passFile }))
    return fillPasswords(named, config.servers, remembered)
  }
  if (!needsComposeEnvironment(config)) {
    const servers = await fill(serverSettingsOf(config))
    return {
      servers,
      findService: () => null,
      openSite: async () => localTarget,
      close: async () => undefined,
    }
  }
  // Every call to the daemon has a deadline of its own.
  const { signal } = new AbortController()
  const compose = await openComposeProject(composeOfConfig(folder, config.compose), signal)
  try {
    const servers = await fill(await reachServers(config.servers, copiesOf(config.servers), compose, signal))
    return {
      servers,
      findService: createFindService(config, compose),
      openSite: () => openAlembicTarget(config, servers, compose),
      close: () => compose.close(),
    }
  } catch (error) {
    await compose.close()
    throw error
  }
}
