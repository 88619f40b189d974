import { existsSync, realpathSync } from 'node:fs'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import type { ComposeEnvironment } from '../docker/open-compose-environment.ts'

/**
 * Refuses to migrate containers that bear the project's name and were all started from another folder.
 *
 * Compose goes by the name alone and would take them; a migration of a stranger's databases cannot be taken back as easily.
 * Files that are not there any more were moved, and those of another machine cannot be compared.
 */
export function refuseForeignProject({ containers, daemon, declared }: ComposeEnvironment): void {
  if (daemon.state !== 'connected' || !/^(unix|npipe):/.test(daemon.endpoint)) return
  const here = realPath(declared.projectDirectory)
  const ours = new Set(declared.absoluteFiles.map(realPath))
  const isForeign = ({ compose }: ContainerFacts): boolean =>
    compose !== null &&
    realPath(compose.workingDir) !== here &&
    compose.configFiles.length > 0 &&
    compose.configFiles.every(file => existsSync(file) && !ours.has(realPath(file)))
  const [first] = containers
  if (!first || !containers.every(isForeign)) return
  throw new LockstepError({
    kind: 'usage',
    problem: `the containers of project ${declared.project.name} were started from ${first.compose?.workingDir}, not from ${declared.projectDirectory}`,
    fix: 'Go there, or give this project a name of its own: `name:` in the Compose file, or --compose-project.',
  })
}

function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
