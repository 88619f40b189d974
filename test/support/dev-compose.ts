import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import { runCommand } from './run-command.ts'

/** Which Compose project to start. */
export interface DevComposeOptions {
  /** Its own docker-compose.dev.yml when nothing is said. */
  readonly file?: string
  /** Becomes part of the project's name. */
  readonly label: string
  /** Variables on top of those that name the tests' images. */
  readonly variables?: Readonly<Record<string, string>>
}

/** A Compose project that runs on the tests' engine. */
export interface DevCompose {
  readonly projectName: string
  readonly file: string
  /** On 127.0.0.1, by service; only services that publish PostgreSQL's port. */
  readonly ports: Readonly<Record<string, number>>
  /** What `docker`, `docker compose` and Lockstep need to find the project: DOCKER_HOST, its name and its variables. */
  readonly env: Readonly<Record<string, string>>
  /** `docker compose ARGS` of this project. */
  compose(...args: string[]): Promise<string>
  /** `docker ARGS` on the same engine. */
  docker(...args: string[]): Promise<string>
}

/** Lends a Compose project of a name and ports of its own, up and healthy; removes it with its volumes. */
export async function withDevCompose<T>(
  options: DevComposeOptions,
  use: (project: DevCompose) => Promise<T>,
): Promise<T> {
  const { project, close } = await openDevCompose(options)
  try {
    return await use(project)
  } finally {
    await close()
  }
}

/** Starts a Compose project of a name and ports of its own, up and healthy. The caller must close it. */
export async function openDevCompose({ file = devComposeFile, label, variables = {} }: DevComposeOptions) {
  const docker = inject('docker')
  if (docker === null) throw new Error(`no Docker for the tests: ${inject('dockerProblem')}`)
  const projectName = `${label}-${randomBytes(4).toString('hex')}`
  const env = {
    DOCKER_HOST: docker.host,
    COMPOSE_PROJECT_NAME: projectName,
    LOCKSTEP_POSTGRES_IMAGE: docker.postgresImage,
    LOCKSTEP_APP_IMAGE: docker.appImage,
    // Docker chooses: two projects run side by side.
    LOCKSTEP_PRIMARY_PORT: '0',
    LOCKSTEP_STANDBY_PORT: '0',
    ...variables,
  }
  const run = (args: readonly string[]): Promise<string> =>
    runCommand('docker', args, { environment: { ...process.env, ...env }, seconds: 200 })
  const compose = (...args: string[]): Promise<string> => run(['compose', '-f', file, ...args])
  /** Removes the project with its volumes. */
  const close = async (): Promise<void> => {
    await compose('down', '-v', '--remove-orphans', '--timeout', '10')
  }
  try {
    await compose('up', '-d', '--wait').catch(async error => {
      const logs = await compose('logs', '--no-color', '--tail', '20').catch(() => '')
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${logs}`)
    })
    const ports = readPorts(await compose('ps', '--format', 'json'))
    const docker = (...args: string[]): Promise<string> => run(args)
    const project: DevCompose = { projectName, file, ports, env, compose, docker }
    return { project, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** What a developer starts. */
export const devComposeFile = fileURLToPath(new URL('../../docker-compose.dev.yml', import.meta.url))

interface ListedContainer {
  readonly Service: string
  readonly Publishers?: readonly { readonly TargetPort: number; readonly PublishedPort: number }[] | null
}

function readPorts(lines: string): Readonly<Record<string, number>> {
  const containers = lines
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as ListedContainer)
  return Object.fromEntries(
    containers.flatMap(({ Service, Publishers }) => {
      const published = Publishers?.find(port => port.TargetPort === 5432 && port.PublishedPort > 0)
      return published ? [[Service, published.PublishedPort]] : []
    }),
  )
}
