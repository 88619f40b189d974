import { readEnvFiles } from './environment/read-env-files.ts'
import { composeInvalid, wrongType } from './nodes/compose-invalid.ts'
import { type ComposeLevel, lookUpIn } from './nodes/compose-level.ts'
import {
  type ComposeNode,
  describeContent,
  getValue,
  type MapEntry,
  type MapNode,
  makeMap,
  type Place,
  withoutKey,
  withValue,
} from './nodes/compose-node.ts'
import { folderOf, joinPath } from './nodes/join-path.ts'

/** A file of the project, and where it is named. */
export interface FileReference {
  readonly path: string
  readonly at: Place | null
}

/** Reads the files of an `include` into one model; `chain` are the files that include one another on the way to it. */
export type LoadLevel = (
  files: readonly FileReference[],
  level: ComposeLevel,
  chain: readonly string[],
) => MapNode

interface Include {
  readonly files: readonly FileReference[]
  readonly projectDirectory: string | null
  readonly envFiles: readonly FileReference[]
}

const sections = ['services', 'networks', 'volumes', 'secrets', 'configs', 'models']

/** A file's model with everything that it includes; what is there twice must be the same. */
export function resolveIncludes(
  model: MapNode,
  level: ComposeLevel,
  chain: readonly string[],
  load: LoadLevel,
): MapNode {
  const list = getValue(model, 'include')
  if (!list) return withoutKey(model, 'include')
  if (list.kind !== 'list') throw wrongType('include', list, 'a list of files')
  return list.items.reduce<MapNode>(
    (merged, item) => {
      const include = readInclude(item, level)
      const inner = openLevel(include, level)
      for (const { path, at } of include.files) refuseCycle(path, at ?? item.at, chain)
      return importModel(load(include.files, inner, chain), merged, item.at)
    },
    withoutKey(model, 'include'),
  )
}

function readInclude(item: ComposeNode, level: ComposeLevel): Include {
  const here = (node: ComposeNode): FileReference => {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') throw wrongType('include', node, 'a path')
    if (/^(?:https?|git|ssh|oci):\/\/|^git@|^github\.com\//.test(node.value)) {
      throw composeInvalid(node.at, `"${node.value}" is not on this machine`, 'include a local copy of it')
    }
    return { path: joinPath(level.base.folder, node.value), at: node.at }
  }
  const all = (node: ComposeNode | undefined): readonly FileReference[] =>
    node === undefined ? [] : node.kind === 'list' ? node.items.map(here) : [here(node)]
  if (item.kind === 'scalar') return { files: [here(item)], projectDirectory: null, envFiles: [] }
  if (item.kind !== 'map') throw wrongType('an item of include', item, 'a path, or a mapping with `path:`')
  for (const [key, entry] of item.entries) {
    if (['path', 'project_directory', 'env_file'].includes(key)) continue
    throw composeInvalid(entry.at, `include has no key "${key}"`, 'use path, project_directory and env_file')
  }
  const files = all(getValue(item, 'path'))
  if (files.length === 0) throw composeInvalid(item.at, 'this include has no path', 'add `path:` with a file')
  const directory = getValue(item, 'project_directory')
  return {
    files,
    projectDirectory: directory ? here(directory).path : null,
    envFiles: all(getValue(item, 'env_file')),
  }
}

function openLevel(include: Include, level: ComposeLevel): ComposeLevel {
  const folder = include.projectDirectory ?? folderOf(include.files[0]?.path ?? level.base.folder)
  const defaults = [{ path: joinPath(folder, '.env'), at: null }]
  const envFiles = include.envFiles.length > 0 ? include.envFiles : defaults
  const added = readEnvFiles(envFiles, level.environment, level.readFile)
  return { ...level, base: { ...level.base, folder }, environment: { ...added, ...level.environment } }
}

function refuseCycle(path: string, at: Place, chain: readonly string[]): void {
  if (!chain.includes(path)) return
  throw composeInvalid(
    at,
    `\`include\` runs in a circle: ${[...chain, path].join(' -> ')}`,
    'remove this include: the file is read already',
  )
}

function importModel(source: MapNode, target: MapNode, at: Place): MapNode {
  return sections.reduce((model, section) => {
    const imported = getValue(source, section)
    if (imported?.kind !== 'map') return model
    const own = getValue(model, section)
    const before = own?.kind === 'map' ? own.entries : new Map<string, MapEntry>()
    for (const [name, entry] of imported.entries) {
      const earlier = before.get(name)
      if (!earlier || describeContent(earlier.value) === describeContent(entry.value)) continue
      const { file, line } = earlier.at
      throw composeInvalid(
        at,
        `${section}.${name} of ${entry.at.file} is in ${file}, line ${line}, as well, with another content`,
        'rename one of the two, or change the included one in a file of `path:` behind it',
      )
    }
    return withValue(model, section, makeMap([...before, ...imported.entries], own?.at ?? at))
  }, target)
}

/** What `NAME` without a value stands for in files of a level: Compose looks it up where the file is read. */
export function fillFromEnvironment(services: MapNode, level: ComposeLevel): MapNode {
  const lookUp = lookUpIn(level.environment)
  return mapValues(services, service => {
    const environment = service.kind === 'map' ? getValue(service, 'environment') : undefined
    if (service.kind !== 'map' || environment?.kind !== 'map') return service
    return withValue(
      service,
      'environment',
      mapValues(environment, (value, name) => {
        const found =
          value.kind === 'scalar' && value.value === null && value.mark === null ? lookUp(name) : undefined
        return found === undefined
          ? value
          : { kind: 'scalar', value: found, text: found, at: value.at, mark: null }
      }),
    )
  })
}

function mapValues(map: MapNode, change: (value: ComposeNode, key: string) => ComposeNode): MapNode {
  const entries = [...map.entries].map(([key, { at, value }]): [string, MapEntry] => [
    key,
    { at, value: change(value, key) },
  ])
  return makeMap(entries, map.at, map.mark)
}
