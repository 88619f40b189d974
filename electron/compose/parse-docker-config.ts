import { z } from 'zod'
import { LockstepError } from '../../shared/failure/failure.ts'
import type { ComposeProject, ComposeService } from './nodes/compose-project.ts'

/**
 * Reads what `docker compose config --format json` prints; throws `compose_invalid` when the text is not that.
 *
 * Services that no profile enables are not in that output: `disabledServices` is empty here.
 */
export function parseDockerConfig(text: string): ComposeProject {
  // Compose doubles every dollar sign of this output, so that it could be read as a Compose file again.
  const parsed = project.safeParse(parseJson(text.replaceAll('$$', () => '$')))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw notUnderstood(issue ? `${issue.path.join('.')}: ${issue.message}` : 'unreadable')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw notUnderstood('it is not JSON')
  }
}

function notUnderstood(problem: string): LockstepError {
  return new LockstepError({
    kind: 'compose_invalid',
    file: 'docker compose config',
    line: 1,
    column: 1,
    problem: `the answer of Docker Compose cannot be understood: ${problem}`,
    fix: 'name the files in lockstep.yml, or use Docker Compose 2.20 or newer',
  })
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const word = scalar.nullish().transform(value => value ?? null)
const flag = z
  .boolean()
  .nullish()
  .transform(value => value ?? false)
const words = z
  .array(scalar)
  .nullish()
  .transform(value => value ?? null)

function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform(value => value ?? [])
}

function recordOf<T extends z.ZodType>(item: T) {
  return z
    .record(z.string(), item)
    .nullish()
    .transform(value => value ?? {})
}

const port = z
  .object({ target: z.coerce.number().int(), published: word, host_ip: word, protocol: word })
  .transform(value => ({
    target: value.target,
    published: value.published === '' || value.published === '0' ? null : value.published,
    hostIp: value.host_ip === '' ? null : value.host_ip,
    protocol: value.protocol ?? 'tcp',
  }))

const mount = z
  .object({
    type: z.enum(['bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image']),
    source: word,
    target: z.string(),
    read_only: flag,
  })
  .transform(({ read_only: readOnly, ...value }) => ({ ...value, source: value.source || null, readOnly }))

const serviceNetwork = z
  .object({ aliases: listOf(z.string()), ipv4_address: word })
  .nullable()
  .transform(value => ({ aliases: value?.aliases ?? [], ipv4Address: value?.ipv4_address ?? null }))

const dependency = z
  .object({ condition: z.string().default('service_started'), required: z.boolean().default(true) })
  .transform(({ condition, required }) => ({ condition, required }))

const dependencies = z
  .union([
    z.array(z.string()).transform(names => Object.fromEntries(names.map(name => [name, {}]))),
    z.record(z.string(), z.unknown()),
  ])
  .nullish()
  .transform(value => value ?? {})
  .pipe(z.record(z.string(), dependency))

const healthcheck = z
  .object({
    disable: flag,
    test: words,
    interval: word,
    timeout: word,
    retries: z
      .number()
      .nullish()
      .transform(value => value ?? null),
    start_period: word,
  })
  .transform(({ disable, start_period: startPeriod, test, ...value }) => ({
    test: disable ? ['NONE'] : test,
    interval: value.interval,
    timeout: value.timeout,
    retries: value.retries,
    startPeriod,
  }))
  .nullish()
  .transform(value => value ?? null)

const grant = z.object({ source: z.string(), target: word })

/** A relative target of a secret is below `/run/secrets`; newer versions print the default place, older ones do not. */
const secretGrant = grant.transform(({ source, target }) => {
  const place = target === null || target.startsWith('/') ? target : `/run/secrets/${target}`
  return { source, target: place === `/run/secrets/${source}` ? null : place }
})

const build = z
  .object({ context: z.string().default('.'), dockerfile: word, target: word })
  .transform(value => ({ ...value, dockerfile: value.dockerfile ?? 'Dockerfile' }))
  .nullish()
  .transform(value => value ?? null)

const service = z
  .object({
    image: word,
    build,
    container_name: word,
    hostname: word,
    command: words,
    entrypoint: words,
    working_dir: word,
    user: word,
    environment: recordOf(word),
    labels: recordOf(scalar),
    ports: listOf(port),
    expose: listOf(scalar),
    volumes: listOf(mount),
    networks: recordOf(serviceNetwork),
    network_mode: word,
    depends_on: dependencies,
    healthcheck,
    secrets: listOf(secretGrant),
    configs: listOf(grant),
    profiles: listOf(z.string()),
    restart: word,
    scale: z.number().nullish(),
    deploy: z.object({ replicas: z.number().nullish() }).nullish(),
  })
  .transform(value => {
    const {
      container_name: containerName,
      working_dir: workingDir,
      network_mode: networkMode,
      depends_on: dependsOn,
      scale,
      deploy,
      ...same
    } = value
    const replicas = scale ?? deploy?.replicas ?? 1
    return { ...same, containerName, workingDir, networkMode, dependsOn, replicas }
  })

const network = z.object({ name: z.string(), external: flag, internal: flag, driver: word })
const volume = z.object({ name: z.string(), external: flag, driver: word })
const fileObject = z.object({
  name: z.string(),
  file: word,
  environment: word,
  content: word,
  external: flag,
})

const project = z
  .object({
    name: z.string(),
    services: recordOf(service),
    networks: recordOf(network),
    volumes: recordOf(volume),
    secrets: recordOf(fileObject),
    configs: recordOf(fileObject),
  })
  .transform(({ services, ...same }): ComposeProject => {
    const named = Object.entries(services).map(([name, value]): [string, ComposeService] => [
      name,
      { name, ...value },
    ])
    return { ...same, services: Object.fromEntries(named), disabledServices: [] }
  })
