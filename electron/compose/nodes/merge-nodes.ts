import { type ComposeNode, isNull, type MapEntry, type MapNode, makeList, makeMap } from './compose-node.ts'
import { keepUnique } from './keep-unique.ts'

/** Where a value stands: `services`, a name, and the attributes below it. */
type Path = readonly string[]

/** Lays a later Compose file over what the earlier ones said. */
export function mergeModels(base: MapNode, over: MapNode): MapNode {
  return mergeMaps(base, over, [])
}

/** Lays what a service says itself over the service that it extends. */
export function mergeServices(base: MapNode, over: MapNode): MapNode {
  return mergeMaps(forgetMarks(base), over, ['services', '*'])
}

function mergeMaps(base: MapNode, over: MapNode, path: Path): MapNode {
  const entries = new Map<string, MapEntry>(base.entries)
  for (const [key, { at, value }] of over.entries) {
    const earlier = entries.get(key)
    entries.set(key, { at, value: earlier ? mergeValues(earlier.value, value, [...path, key]) : value })
  }
  return makeMap(entries, over.at, over.mark)
}

function mergeValues(base: ComposeNode, over: ComposeNode, path: Path): ComposeNode {
  if (over.mark !== null || base.mark === 'reset' || isReplaced(path)) return over
  if (isNull(over)) return isPassedOn(path) ? over : base
  if (base.kind === 'map' && over.kind === 'map') return mergeMaps(base, over, path)
  if (base.kind === 'list' && over.kind === 'list') {
    const merged = makeList([...base.items, ...over.items], over.at)
    return path[0] === 'services' && path.length === 3 ? keepUnique(path[2] ?? '', merged) : merged
  }
  return over
}

/** A variable or a label without a value is one all the same: it takes the place of an earlier value. */
function isPassedOn([section, , attribute, ...rest]: Path): boolean {
  const isNamed = attribute === 'environment' || attribute === 'labels'
  return section === 'services' && isNamed && rest.length === 1
}

/** A command is one thing: half of an old one and half of a new one would be none. */
function isReplaced([section, , attribute, key, ...rest]: Path): boolean {
  if (section !== 'services' || rest.length > 0) return false
  if (attribute === 'command' || attribute === 'entrypoint') return key === undefined
  return attribute === 'healthcheck' && key === 'test'
}

/** `!reset` and `!override` of a service speak to what is below it, not to those who extend it. */
function forgetMarks(node: MapNode): MapNode {
  const entries = [...node.entries]
    .filter(([, entry]) => entry.value.mark !== 'reset')
    .map(([key, { at, value }]): [string, MapEntry] => [key, { at, value: forgetMark(value) }])
  return makeMap(entries, node.at)
}

function forgetMark(node: ComposeNode): ComposeNode {
  return node.kind === 'map' ? forgetMarks(node) : { ...node, mark: null }
}
