import { readFileSync } from 'node:fs'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { ContainerFacts } from '../../../shared/server/docker-container.ts'
import type { Docker } from '../../adapters/docker/docker.ts'
import type { ComposeService } from '../../compose/nodes/compose-project.ts'
import { findCredentials } from '../../discovery/find-credentials.ts'
import { type ComposeEnvironment, containersOf } from './open-compose-environment.ts'

/** Login of a server. It stays in host and adapters. */
export type KnownCredentials = ReturnType<typeof findCredentials>

/** The login of each service, as its container was started, or as the files declare it. */
export async function knowCredentials(
  services: readonly string[],
  compose: ComposeEnvironment,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownCredentials>> {
  return new Map(
    await Promise.all(
      services.map(async service => [service, await knowOne(service, compose, signal)] as const),
    ),
  )
}

async function knowOne(
  service: string,
  compose: ComposeEnvironment,
  signal: AbortSignal,
): Promise<KnownCredentials> {
  const declared = compose.declared.project.services[service] ?? null
  const container = containersOf(compose, service).find(one => one.state === 'running') ?? null
  const environment = await readEnvironment(declared, container, compose.docker, signal)
  const secrets = await readSecrets(environment, { declared, container, compose }, signal)
  return findCredentials(environment, path => secrets.get(path))
}

async function readEnvironment(
  declared: ComposeService | null,
  container: ContainerFacts | null,
  docker: Docker | null,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (container && docker) {
    const observed = await readObserved(container, docker, signal)
    if (observed) return observed
  }
  const values = Object.entries(declared?.environment ?? {})
  return Object.fromEntries(values.flatMap(([name, value]) => (value === null ? [] : [[name, value]])))
}

/** Null for a container that has gone since it was listed. */
async function readObserved(
  container: ContainerFacts,
  docker: Docker,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | null> {
  try {
    return await docker.readEnvironment(container.id, signal)
  } catch (error) {
    if (toFailure(error).kind !== 'docker_failed') throw error
    return null
  }
}

interface SecretPlaces {
  readonly declared: ComposeService | null
  readonly container: ContainerFacts | null
  readonly compose: ComposeEnvironment
}

/** Contents of the files that variables such as POSTGRES_PASSWORD_FILE name, by their path in the container. */
async function readSecrets(
  environment: Readonly<Record<string, string>>,
  places: SecretPlaces,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const paths = Object.entries(environment).flatMap(([name, path]) =>
    /^POSTGRES(QL)?_\w+_FILE$/.test(name) ? [path] : [],
  )
  const entries = await Promise.all(
    paths.map(async path => [path, readDeclared(path, places) ?? (await readInside(path, places, signal))]),
  )
  return new Map(
    entries.flatMap(([path, text]) => (typeof path === 'string' && text != null ? [[path, text]] : [])),
  )
}

function readDeclared(path: string, { declared, compose }: SecretPlaces): string | null {
  const grant = declared?.secrets.find(one => (one.target ?? `/run/secrets/${one.source}`) === path)
  const secret = grant && compose.declared.project.secrets[grant.source]
  if (!secret) return null
  if (secret.environment !== null) return process.env[secret.environment] ?? null
  if (secret.file === null) return secret.content
  try {
    return readFileSync(secret.file, 'utf8')
  } catch {
    return null
  }
}

async function readInside(
  path: string,
  { container, compose }: SecretPlaces,
  signal: AbortSignal,
): Promise<string | null> {
  if (!container || !compose.docker) return null
  const options = { timeoutMs: 5_000 }
  const answer = await compose.docker.runProgram(container.id, ['cat', '--', path], options, signal)
  return answer.code === 0 ? answer.stdout : null
}
