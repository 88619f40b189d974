import type { DaemonState, EndpointAttempt } from '../../../shared/server/docker-container.ts'
import type { DaemonLine } from './call.ts'
import type { Docker } from './docker.ts'
import type { DockerEndpoint } from './endpoint.ts'
import { startContainerProcess } from './exec-process.ts'
import { findEndpoints } from './find-endpoints.ts'
import { openEngine } from './open-engine.ts'
import { type EndpointProbe, probeDaemon } from './probe-daemon.ts'
import { inspectContainer, listContainers, readEnvironment } from './read-containers.ts'
import { runContainerProgram } from './run-program.ts'
import { openTunnel } from './tunnel.ts'
import { watchContainers } from './watch-containers.ts'

const defaultDeadlineMs = 5000

/** Where a daemon is looked for, and how long one that does not answer is waited for. */
export interface DockerOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly homeFolder: string
  /** For each call; 5000 when not said. */
  readonly deadlineMs?: number
  readonly platform?: NodeJS.Platform
}

/** A daemon, or why there is none; `docker` is null exactly when `daemon` is not connected. */
export interface DockerConnection {
  readonly docker: Docker | null
  readonly daemon: DaemonState
}

/** Finds the daemon that the Docker CLI would use, or else the first that answers; one that is absent, denies or hangs is a state. */
export async function connectDocker(options: DockerOptions, signal: AbortSignal): Promise<DockerConnection> {
  const places = await findEndpoints({ ...options, platform: options.platform ?? process.platform })
  const misses: (EndpointAttempt & { readonly state: Miss['state'] })[] = []
  for (const place of places) {
    const found = await tryPlace(place, options, signal)
    if ('docker' in found) return { docker: found.docker, daemon: found.docker.daemon }
    misses.push({
      state: found.state,
      endpoint: place.address,
      from: place.from,
      outcome: found.outcome,
    })
  }
  const tried = misses.map(({ endpoint, from, outcome }) => ({ endpoint, from, outcome }))
  const worst = (['denied', 'silent'] as const).find(state => misses.some(miss => miss.state === state))
  return { docker: null, daemon: { state: worst ?? 'absent', tried } }
}

type Miss = Exclude<EndpointProbe, { state: 'connected' }>

async function tryPlace(
  place: DockerEndpoint,
  options: DockerOptions,
  signal: AbortSignal,
): Promise<{ readonly docker: Docker } | Miss> {
  const { target } = place
  if (target.kind === 'unusable') return { state: 'absent', outcome: target.problem }
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs
  const opened = await openEngine(target, options.environment, Math.ceil(deadlineMs / 1000))
  const closing = new AbortController()
  const line = { engine: opened.engine, endpoint: place.address, deadlineMs, closing: closing.signal }
  const close = async (): Promise<void> => {
    closing.abort()
    await opened.close()
  }
  try {
    const found = await probeDaemon(line, signal)
    if (found.state === 'connected') return { docker: createDocker(line, found, close) }
    await close()
    return found
  } catch (error) {
    await close()
    throw error
  }
}

function createDocker(line: DaemonLine, daemon: Docker['daemon'], close: () => Promise<void>): Docker {
  const { engine } = line
  return {
    daemon,
    listContainers: (filter, signal) => listContainers(line, filter, signal),
    inspectContainer: (id, signal) => inspectContainer(line, id, signal),
    readEnvironment: (id, signal) => readEnvironment(line, id, signal),
    watchContainers: (filter, listener, signal) => watchContainers(line, filter, listener, signal),
    runProgram: (id, command, settings, signal) => runContainerProgram(engine, id, command, settings, signal),
    startProcess: (id, command, settings) => startContainerProcess(engine, id, command, settings),
    openTunnel: (id, port) => openTunnel(engine, id, port),
    close,
  }
}
