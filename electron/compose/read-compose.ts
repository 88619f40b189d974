import { checkReferences, type ReadService } from './check-references.ts'
import { applyEnvFiles } from './environment/apply-env-files.ts'
import { readEnvFiles } from './environment/read-env-files.ts'
import { addImpliedDependencies } from './implied-dependencies.ts'
import { loadFile } from './load-file.ts'
import { loadModel } from './load-model.ts'
import { composeInvalid, wrongType } from './nodes/compose-invalid.ts'
import { type ComposeLevel, lookUpIn } from './nodes/compose-level.ts'
import { getValue, isNull, type MapNode, type Place } from './nodes/compose-node.ts'
import type { ComposeProject, ComposeService, ComposeWarning } from './nodes/compose-project.ts'
import { baseName, joinPath } from './nodes/join-path.ts'
import { checkProjectName, normaliseProjectName, readTopName } from './pick-project-name.ts'
import { type ComposeResources, readResources } from './read-resources.ts'
import { readService } from './read-service.ts'

/** What a Compose project is read from; nothing else of the machine is looked at. */
export interface ComposeSources {
  /** Absolute paths, in the order of merging. */
  readonly files: readonly string[]
  /** Absolute. */
  readonly projectDirectory: string
  /** `-p` or COMPOSE_PROJECT_NAME; null: the files or the folder say it. */
  readonly projectName: string | null
  /** Of the process; it wins over env files. */
  readonly environment: Readonly<Record<string, string>>
  /** Null: `.env` of the project directory, where it is there. */
  readonly envFiles: readonly string[] | null
  /** Of `--profile`; `*` enables all. Empty: COMPOSE_PROFILES says it. */
  readonly profiles: readonly string[]
  readonly readFile: (path: string) => string | undefined
}

/** Reads a Compose project as `docker compose config` would; throws `compose_invalid` with file, line and column. */
export function readCompose(sources: ComposeSources): {
  readonly project: ComposeProject
  readonly warnings: readonly ComposeWarning[]
} {
  const warnings = new Map<string, ComposeWarning>()
  const warn = (warning: ComposeWarning): void => {
    const { file, line, column, problem } = warning
    warnings.set(`${file}:${line}:${column}: ${problem}`, { file, line, column, problem })
  }
  const outer = readEnvironment(sources)
  const name = pickName(sources, outer)
  const environment: Readonly<Record<string, string>> = { ...outer, COMPOSE_PROJECT_NAME: name }
  const home = environment.HOME ?? environment.USERPROFILE ?? null
  const level: ComposeLevel = {
    base: { folder: sources.projectDirectory, home },
    environment,
    readFile: sources.readFile,
    warn,
  }
  const model = loadModel(
    sources.files.map(path => ({ path, at: null })),
    level,
    [],
  )
  if (model.entries.size === 0) throw emptyProject(sources)
  const services = readServices(model)
  const isEnabled = matchProfiles(sources, environment)
  const enabled = services.filter(isEnabled)
  const disabled = services.filter(read => !isEnabled(read))
  const resources = readResources(model, { project: name, warn })
  checkReferences({ enabled, disabled, resources })
  const finished = enabled.map(({ service, node }) => applyEnvFiles(service, node, level))
  const project = {
    name,
    services: Object.fromEntries(finished.map(service => [service.name, service])),
    disabledServices: disabled.map(({ service }) => service.name),
    ...keepUsed(resources, finished),
  }
  return { project, warnings: [...warnings.values()] }
}

function readEnvironment(sources: ComposeSources): Readonly<Record<string, string>> {
  const named = sources.envFiles?.map(path => ({ path, at: startOf(path) }))
  const files = named ?? [{ path: joinPath(sources.projectDirectory, '.env'), at: null }]
  return { ...readEnvFiles(files, sources.environment, sources.readFile), ...sources.environment }
}

function pickName(sources: ComposeSources, environment: Readonly<Record<string, string>>): string {
  const at = startOf(sources.files[0] ?? sources.projectDirectory)
  const given = sources.projectName || environment.COMPOSE_PROJECT_NAME
  if (given) return checkProjectName(given, at)
  const written = sources.files.flatMap(file => {
    const text = sources.readFile(file)
    const documents = text === undefined ? [] : loadFile(file, text, null)
    return documents.map(root => readTopName(root, lookUpIn(environment)))
  })
  const name =
    written.findLast(found => found !== null) ?? normaliseProjectName(baseName(sources.projectDirectory))
  return checkProjectName(name, at)
}

function readServices(model: MapNode): readonly ReadService[] {
  const services = getValue(model, 'services')
  if (!services) return []
  if (services.kind !== 'map') throw wrongType('services', services, 'a mapping')
  return [...services.entries].flatMap(([name, { value }]) => {
    if (value.mark === 'reset') return []
    if (value.kind !== 'map' || isNull(value)) throw wrongType(`services.${name}`, value, 'a mapping')
    const node = addImpliedDependencies(value)
    return [{ service: readService(node, name), node }]
  })
}

function matchProfiles(
  sources: ComposeSources,
  environment: Readonly<Record<string, string>>,
): (read: ReadService) => boolean {
  const fromVariable = (environment.COMPOSE_PROFILES ?? '').split(',').map(profile => profile.trim())
  const active = sources.profiles.length > 0 ? sources.profiles : fromVariable
  return ({ service: { profiles } }) =>
    profiles.length === 0 || active.includes('*') || profiles.some(profile => active.includes(profile))
}

/** What no enabled service uses is no part of the project: Compose would not create it. */
function keepUsed(resources: ComposeResources, services: readonly ComposeService[]): ComposeResources {
  const mounted = services.flatMap(service =>
    service.volumes.flatMap(({ type, source }) => (type === 'volume' ? [source] : [])),
  )
  return {
    networks: pick(
      resources.networks,
      services.flatMap(service => Object.keys(service.networks)),
    ),
    volumes: pick(resources.volumes, mounted),
    secrets: pick(
      resources.secrets,
      services.flatMap(service => service.secrets.map(({ source }) => source)),
    ),
    configs: pick(
      resources.configs,
      services.flatMap(service => service.configs.map(({ source }) => source)),
    ),
  }
}

function pick<T>(
  record: Readonly<Record<string, T>>,
  names: readonly (string | null)[],
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)))
}

function emptyProject(sources: ComposeSources): Error {
  const at = startOf(sources.files[0] ?? sources.projectDirectory)
  return composeInvalid(at, 'the Compose file is empty', 'add `services:` with a service')
}

function startOf(file: string): Place {
  return { file, line: 1, column: 1 }
}
