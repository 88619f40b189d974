import { composeInvalid, wrongType } from './nodes/compose-invalid.ts'
import { getValue, isNull, type MapNode, makeMap, type Place } from './nodes/compose-node.ts'
import type {
  ComposeFileObject,
  ComposeNetwork,
  ComposeVolume,
  ComposeWarning,
} from './nodes/compose-project.ts'
import { checkKeysOfResource } from './nodes/known-keys.ts'
import { readFlag, readText } from './nodes/read-values.ts'

/** Everything that services share, by name. */
export interface ComposeResources {
  readonly networks: Readonly<Record<string, ComposeNetwork>>
  readonly volumes: Readonly<Record<string, ComposeVolume>>
  readonly secrets: Readonly<Record<string, ComposeFileObject>>
  readonly configs: Readonly<Record<string, ComposeFileObject>>
}

interface Names {
  readonly project: string
  readonly warn: (warning: ComposeWarning) => void
}

/** The networks, volumes, secrets and configs of a project, with the names that the daemon knows. */
export function readResources(model: MapNode, names: Names): ComposeResources {
  const networks = readSection(model, 'networks', (node, key, path) => ({
    ...readIdentity(node, key, path, names),
    internal: readFlag(node, 'internal', path),
    driver: readText(node, 'driver', path),
  }))
  return {
    networks: { ...networks, ...(networks.default ? {} : { default: makeDefaultNetwork(names.project) }) },
    volumes: readSection(model, 'volumes', (node, key, path) => readVolume(node, key, path, names)),
    secrets: readSection(model, 'secrets', (node, key, path) =>
      readFileObject(node, ['file', 'environment'], readIdentity(node, key, path, names), path),
    ),
    configs: readSection(model, 'configs', (node, key, path) =>
      readFileObject(node, ['file', 'environment', 'content'], readIdentity(node, key, path, names), path),
    ),
  }
}

type Identity = Pick<ComposeVolume, 'name' | 'external'>

function makeDefaultNetwork(project: string): ComposeNetwork {
  return { name: `${project}_default`, external: false, internal: false, driver: null }
}

function readSection<T>(
  model: MapNode,
  section: string,
  read: (node: MapNode, key: string, path: string) => T,
): Readonly<Record<string, T>> {
  const node = getValue(model, section)
  if (!node) return {}
  if (node.kind !== 'map') throw wrongType(section, node, 'a mapping')
  const entries = [...node.entries].filter(([, { value }]) => value.mark !== 'reset')
  return Object.fromEntries(
    entries.map(([key, { value }]) => {
      const path = `${section}.${key}`
      if (isNull(value)) return [key, read(makeMap([], value.at), key, path)]
      if (value.kind !== 'map') throw wrongType(path, value, 'a mapping')
      checkKeysOfResource(value, section, path)
      return [key, read(value, key, path)]
    }),
  )
}

/** `external: { name: NAME }` is how it was written before `name` came. */
function readIdentity(node: MapNode, key: string, path: string, { project, warn }: Names): Identity {
  const external = getValue(node, 'external')
  const named = readText(node, 'name', path)
  if (external?.kind === 'map') {
    const old = readText(external, 'name', `${path}.external`)
    if (old !== null)
      warn({ ...external.at, problem: '`external.name` is obsolete: write `name` and `external: true`' })
    if (old !== null && named !== null && old !== named) {
      throw composeInvalid(external.at, `${path} has two names: ${named} and ${old}`, 'keep `name` only')
    }
    return { name: named ?? old ?? key, external: true }
  }
  const isExternal = readFlag(node, 'external', path)
  return { name: named ?? (isExternal ? key : `${project}_${key}`), external: isExternal }
}

function readVolume(node: MapNode, key: string, path: string, names: Names): ComposeVolume {
  const identity = readIdentity(node, key, path, names)
  if (identity.external) {
    for (const [attribute, { at }] of node.entries) {
      if (['name', 'external'].includes(attribute) || attribute.startsWith('x-')) continue
      throw composeInvalid(
        at,
        `${path} is external, and has "${attribute}" as well`,
        `remove \`${attribute}\`: this project does not create the volume`,
      )
    }
  }
  return { ...identity, driver: readText(node, 'driver', path) }
}

function readFileObject(
  node: MapNode,
  ways: readonly ('file' | 'environment' | 'content')[],
  identity: Identity,
  path: string,
): ComposeFileObject {
  const given = ways.filter(way => getValue(node, way))
  const list = ways.join(', ')
  if (given.length > 1) {
    throw composeInvalid(
      placeOf(node, given[1] ?? ''),
      `${path} has ${given.join(' and ')}`,
      'keep one of them',
    )
  }
  if (given.length === 0 && !identity.external) {
    throw composeInvalid(
      node.at,
      `${path} does not say where it comes from`,
      `add one of ${list}, or \`external: true\``,
    )
  }
  return {
    name: identity.name,
    file: readText(node, 'file', path),
    environment: readText(node, 'environment', path),
    content: readText(node, 'content', path),
    external: identity.external,
  }
}

function placeOf(node: MapNode, key: string): Place {
  return node.entries.get(key)?.at ?? node.at
}
