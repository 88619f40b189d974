import { homedir } from 'node:os'
import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { ContainerFacts, DaemonState } from '../../../shared/server/docker-container.ts'
import { connectDocker } from '../../adapters/docker/connect-docker.ts'
import type { Docker } from '../../adapters/docker/docker.ts'
import { withEither } from '../../lib/with-deadline.ts'
import type { DeclaredProject } from './read-declared-project.ts'

/** A Compose project as declared, and its containers as the daemon shows them. */
export interface ComposeEnvironment {
  readonly declared: DeclaredProject
  readonly daemon: DaemonState
  /** Null: no daemon answers, and the containers are not known. */
  readonly docker: Docker | null
  readonly containers: readonly ContainerFacts[]
  /** Containers of another folder whose project bears the same name. */
  readonly namesakes: readonly ContainerFacts[]
  /** Looks at the containers again. */
  refresh(signal: AbortSignal): Promise<ComposeEnvironment>
  close(): Promise<void>
}

/** Asks the daemon for the containers of a project that is still being read; a daemon that cannot be asked is a state, not a failure. */
export async function openComposeEnvironment(
  reading: Promise<DeclaredProject>,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<ComposeEnvironment> {
  const giveUp = new AbortController()
  const { declared, docker, daemon } = await withEither([signal, giveUp.signal], async either => {
    const connecting = connectDocker({ environment, homeFolder: homedir() }, either)
    connecting.catch(() => undefined)
    const declared = await reading.catch(async error => {
      giveUp.abort(error)
      const connection = await connecting.catch(() => null)
      await connection?.docker?.close()
      throw error
    })
    return { declared, ...(await connecting) }
  })
  const look = async (stop: AbortSignal): Promise<ComposeEnvironment> => ({
    ...(await listContainers(docker, daemon, declared, stop)),
    declared,
    docker,
    refresh: look,
    close: async () => {
      await docker?.close()
    },
  })
  try {
    return await look(signal)
  } catch (error) {
    await docker?.close()
    throw error
  }
}

type Observed = Pick<ComposeEnvironment, 'daemon' | 'containers' | 'namesakes'>

/** A container of Compose that is meant to stay: those of `docker compose run` come and go. */
async function listContainers(
  docker: Docker | null,
  daemon: DaemonState,
  { project, projectDirectory }: DeclaredProject,
  signal: AbortSignal,
): Promise<Observed> {
  if (docker === null) return { daemon, containers: [], namesakes: [] }
  try {
    const all = await docker.listContainers({ project: project.name }, signal)
    const lasting = all.filter(container => container.compose?.oneOff !== true)
    return { daemon, ...separate(lasting, projectDirectory) }
  } catch (error) {
    const failure = toFailure(error)
    if (failure.kind !== 'docker_failed' || signal.aborted) throw error
    const { endpoint } = docker.daemon
    const tried = [{ endpoint, from: 'connected', outcome: `${failure.call}: ${failure.message}` }]
    return { daemon: { state: 'silent', tried }, containers: [], namesakes: [] }
  }
}

/** Compose goes by the name alone; where some containers are from this folder, the others are another project's. */
function separate(
  containers: readonly ContainerFacts[],
  folder: string,
): Pick<ComposeEnvironment, 'containers' | 'namesakes'> {
  const isOurs = (container: ContainerFacts) => container.compose?.workingDir === folder
  if (!containers.some(isOurs)) return { containers, namesakes: [] }
  return { containers: containers.filter(isOurs), namesakes: containers.filter(one => !isOurs(one)) }
}

/** The containers of a service, in the order of their numbers. */
export function containersOf(
  compose: Pick<ComposeEnvironment, 'containers'>,
  service: string,
): readonly ContainerFacts[] {
  return compose.containers
    .filter(container => container.compose?.service === service)
    .sort((one, other) => (one.compose?.number ?? 0) - (other.compose?.number ?? 0))
}

/** The running container of a service; fails with what is wrong, and how to mend it. */
export function runningContainer(compose: ComposeEnvironment, service: string): ContainerFacts {
  const { daemon } = compose
  if (daemon.state !== 'connected') {
    throw new LockstepError({ kind: 'docker_unavailable', state: daemon.state, tried: daemon.tried })
  }
  const all = containersOf(compose, service)
  const running = all.find(container => container.state === 'running')
  if (running) return running
  const { project } = compose.declared
  if (all.length === 0 && !(service in project.services)) {
    throw new LockstepError({ kind: 'service_unknown', service, known: Object.keys(project.services) })
  }
  throw new LockstepError({ kind: 'container_not_running', service, state: all[0]?.state ?? 'missing' })
}
