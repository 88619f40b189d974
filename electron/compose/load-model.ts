import { loadFile } from './load-file.ts'
import { composeInvalid, wrongType } from './nodes/compose-invalid.ts'
import { type ComposeLevel, lookUpIn } from './nodes/compose-level.ts'
import {
  type ComposeNode,
  getValue,
  isNull,
  type MapEntry,
  type MapNode,
  makeMap,
  makeText,
  type Place,
  withoutKey,
  withValue,
} from './nodes/compose-node.ts'
import { folderOf } from './nodes/join-path.ts'
import { refuseUnknownSections } from './nodes/known-attributes.ts'
import { mergeModels } from './nodes/merge-nodes.ts'
import { resolvePath } from './nodes/resolve-path.ts'
import { resolveExtends, type ServicesOfFile } from './resolve-extends.ts'
import { type FileReference, fillFromEnvironment, resolveIncludes } from './resolve-includes.ts'

/** Reads files of one level, each with what it extends and includes, and lays the later ones over the earlier ones. */
export function loadModel(
  files: readonly FileReference[],
  level: ComposeLevel,
  chain: readonly string[],
): MapNode {
  const models = files.flatMap(file => openFile(file, level, [...chain, file.path]))
  const nothing = makeMap([], { file: files[0]?.path ?? '', line: 1, column: 1 })
  return finishLevel(models.reduce(mergeModels, nothing), level)
}

/** The model of each YAML document of a file: Compose treats a second document as it treats a second file. */
function openFile(
  { path, at }: FileReference,
  level: ComposeLevel,
  chain: readonly string[],
): readonly MapNode[] {
  return readYaml(path, at, level).map(root => {
    refuseUnknownSections(root)
    const own = resolveServices(resolveFilesOfSections(warnOfVersion(root, level), level), level)
    return resolveIncludes(own, level, chain, loadModel)
  })
}

function readYaml(path: string, at: Place | null, level: ComposeLevel): readonly MapNode[] {
  const text = level.readFile(path)
  if (text === undefined) {
    throw composeInvalid(
      at ?? { file: path, line: 1, column: 1 },
      `the file ${path} is not there`,
      'correct the path, or create the file',
    )
  }
  return loadFile(path, text, { lookUp: lookUpIn(level.environment), warn: level.warn })
}

function warnOfVersion(root: MapNode, level: ComposeLevel): MapNode {
  const version = root.entries.get('version')
  if (!version) return root
  level.warn({ ...version.at, problem: 'the key `version` is obsolete, and ignored' })
  return withoutKey(root, 'version')
}

function resolveServices(root: MapNode, level: ComposeLevel): MapNode {
  const services = getValue(root, 'services')
  if (!services || isNull(services)) return root
  if (services.kind !== 'map') throw wrongType('services', services, 'a mapping')
  const from = { file: root.at.file, services, base: level.base }
  const entries = [...services.entries].map(([name, { at, value }]): [string, MapEntry] => {
    if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
      throw composeInvalid(
        at,
        `"${name}" cannot be the name of a service`,
        'use letters, digits, `.`, `_` and `-`',
      )
    }
    const isThere = value.mark !== 'reset' && !isNull(value)
    return [name, { at, value: isThere ? resolveExtends(from, name, open) : value }]
  })
  return withValue(root, 'services', makeMap(entries, services.at, services.mark))

  function open(path: string, at: Place): ServicesOfFile {
    const file = readYaml(path, at, level).reduce(
      mergeModels,
      makeMap([], { file: path, line: 1, column: 1 }),
    )
    const found = getValue(file, 'services')
    if (found?.kind !== 'map') {
      throw composeInvalid(at, `${path} has no services to extend`, 'name a Compose file with `services:`')
    }
    return { file: path, services: found, base: { ...level.base, folder: folderOf(path) } }
  }
}

/** Files of secrets and configs are relative to the level that names them. */
function resolveFilesOfSections(root: MapNode, level: ComposeLevel): MapNode {
  return ['secrets', 'configs'].reduce((model, section) => {
    const objects = getValue(model, section)
    if (objects?.kind !== 'map') return model
    return withValue(
      model,
      section,
      changeValues(objects, object => {
        const file = object.kind === 'map' ? object.entries.get('file')?.value : undefined
        if (object.kind !== 'map' || file?.kind !== 'scalar' || typeof file.value !== 'string') return object
        return withValue(object, 'file', makeText(resolvePath(level.base, file.value), file.at, file.mark))
      }),
    )
  }, root)
}

/** What a level adds by itself once its files are laid over one another. */
function finishLevel(model: MapNode, level: ComposeLevel): MapNode {
  const services = getValue(model, 'services')
  if (services?.kind !== 'map') return model
  const built = changeValues(services, service => {
    const build = service.kind === 'map' ? getValue(service, 'build') : undefined
    if (service.kind !== 'map' || build?.kind !== 'map' || getValue(build, 'context')) return service
    return withValue(service, 'build', withValue(build, 'context', makeText(level.base.folder, build.at)))
  })
  return withValue(model, 'services', fillFromEnvironment(built, level))
}

function changeValues(map: MapNode, change: (value: ComposeNode) => ComposeNode): MapNode {
  const entries = [...map.entries].map(([key, { at, value }]): [string, MapEntry] => [
    key,
    { at, value: change(value) },
  ])
  return makeMap(entries, map.at, map.mark)
}
