import { composeInvalid, wrongType } from '../nodes/compose-invalid.ts'
import {
  type ComposeNode,
  isNull,
  type MapEntry,
  type MapNode,
  makeBoolean,
  makeList,
  makeMap,
  makeText,
  withValue,
} from '../nodes/compose-node.ts'
import { keepUnique } from '../nodes/keep-unique.ts'
import { type PathBase, resolveContext, resolvePath } from '../nodes/resolve-path.ts'
import { normaliseHealthcheck } from './normalise-healthcheck.ts'
import { normaliseKeyValues } from './normalise-key-values.ts'
import { normalisePorts } from './normalise-ports.ts'
import { normaliseDependsOn, normaliseGrants, normaliseServiceNetworks } from './normalise-references.ts'
import { normaliseVolumes } from './normalise-volumes.ts'
import { splitCommand } from './split-command.ts'

type Normalise = (node: ComposeNode, path: string, base: PathBase) => ComposeNode

const attributes: Readonly<Record<string, Normalise>> = {
  build: normaliseBuild,
  command: normaliseCommand,
  configs: normaliseGrants,
  depends_on: normaliseDependsOn,
  entrypoint: normaliseCommand,
  env_file: normaliseEnvFiles,
  environment: normaliseKeyValues,
  extends: normaliseExtends,
  healthcheck: normaliseHealthcheck,
  label_file: normaliseLabelFiles,
  labels: normaliseKeyValues,
  networks: normaliseServiceNetworks,
  ports: normalisePorts,
  secrets: normaliseGrants,
  volumes: normaliseVolumes,
}

/** Brings one service into the long syntax, with absolute paths, so that it can be merged with others. */
export function normaliseService(node: ComposeNode, name: string, base: PathBase): MapNode {
  const path = `services.${name}`
  if (node.kind !== 'map') throw wrongType(path, node, 'a mapping')
  const entries = [...node.entries].map(([key, { at, value }]): [string, MapEntry] => {
    const normalise = attributes[key]
    // Nothing said is decided after the merge: it may stand above something that was said.
    if (value.mark === 'reset' || isNull(value)) return [key, { at, value }]
    const normalised = normalise ? normalise(value, `${path}.${key}`, base) : value
    return [key, { at, value: keepUnique(key, normalised) }]
  })
  return makeMap(entries, node.at, node.mark)
}

function normaliseBuild(node: ComposeNode, path: string, base: PathBase): ComposeNode {
  if (node.kind === 'list') throw wrongType(path, node, 'a folder or a mapping')
  if (node.kind === 'scalar') {
    if (typeof node.value !== 'string') throw wrongType(path, node, 'a folder or a mapping')
    const context = makeText(resolveContext(base, node.value), node.at)
    return makeMap([['context', { at: node.at, value: context }]], node.at, node.mark)
  }
  const context = node.entries.get('context')?.value
  if (context?.kind !== 'scalar' || typeof context.value !== 'string') return node
  return withValue(node, 'context', makeText(resolveContext(base, context.value), context.at, context.mark))
}

function normaliseCommand(node: ComposeNode, path: string): ComposeNode {
  if (node.kind === 'list') return node
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    throw wrongType(path, node, 'a text or a list of texts')
  const words = splitCommand(node.value)
  if (!words) {
    throw composeInvalid(
      node.at,
      `${path} has a quote that is not closed`,
      'close the quote, or write a list',
    )
  }
  return makeList(
    words.map(word => makeText(word, node.at)),
    node.at,
    node.mark,
  )
}

function normaliseEnvFiles(node: ComposeNode, path: string, base: PathBase): ComposeNode {
  const items = node.kind === 'list' ? node.items : [node]
  return makeList(
    items.map(item => normaliseEnvFile(item, path, base)),
    node.at,
    node.mark,
  )
}

function normaliseEnvFile(item: ComposeNode, path: string, base: PathBase): MapNode {
  if (item.kind === 'scalar' && typeof item.value === 'string') {
    return makeMap(
      [
        ['path', { at: item.at, value: makeText(resolvePath(base, item.value), item.at) }],
        ['required', { at: item.at, value: makeBoolean(true, item.at) }],
      ],
      item.at,
    )
  }
  const file = item.kind === 'map' ? item.entries.get('path')?.value : undefined
  if (item.kind !== 'map' || file?.kind !== 'scalar' || typeof file.value !== 'string') {
    throw wrongType(path, item, 'a path, or a mapping with `path:`')
  }
  return withValue(item, 'path', makeText(resolvePath(base, file.value), file.at))
}

function normaliseLabelFiles(node: ComposeNode, path: string, base: PathBase): ComposeNode {
  const items = node.kind === 'list' ? node.items : [node]
  return makeList(
    items.map(item => {
      if (item.kind !== 'scalar' || typeof item.value !== 'string') throw wrongType(path, item, 'a path')
      return makeText(resolvePath(base, item.value), item.at)
    }),
    node.at,
    node.mark,
  )
}

function normaliseExtends(node: ComposeNode, path: string, base: PathBase): ComposeNode {
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    return makeMap([['service', { at: node.at, value: makeText(node.value, node.at) }]], node.at, node.mark)
  }
  const service = node.kind === 'map' ? node.entries.get('service')?.value : undefined
  if (node.kind !== 'map' || service?.kind !== 'scalar' || typeof service.value !== 'string') {
    throw wrongType(path, node, 'a name of a service, or a mapping with `service:`')
  }
  const file = node.entries.get('file')?.value
  if (!file || isNull(file)) return node
  if (file.kind !== 'scalar' || typeof file.value !== 'string')
    throw wrongType(`${path}.file`, file, 'a path')
  return withValue(node, 'file', makeText(resolvePath(base, file.value), file.at))
}
