import { composeInvalid, wrongType } from '../nodes/compose-invalid.ts'
import {
  type ComposeNode,
  getValue,
  type ListNode,
  type MapEntry,
  type MapNode,
  makeBoolean,
  makeList,
  makeMap,
  makeText,
  type Place,
  withValue,
} from '../nodes/compose-node.ts'
import { cleanContainerPath } from '../nodes/join-path.ts'
import { type PathBase, resolvePath } from '../nodes/resolve-path.ts'

const types = ['bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image']

/** Brings mounts of every syntax into the long one, with absolute sources and clean targets. */
export function normaliseVolumes(node: ComposeNode, path: string, base: PathBase): ListNode {
  if (node.kind !== 'list') throw wrongType(path, node, 'a list of volumes')
  const items = node.items.map(item => {
    if (item.kind === 'map') return checkLongVolume(item, path, base)
    if (item.kind === 'scalar' && typeof item.value === 'string')
      return parseShortVolume(item.value, item.at, base)
    throw wrongType(`an item of ${path}`, item, 'a volume such as "data:/var/lib/data"')
  })
  return makeList(items, node.at, node.mark)
}

function checkLongVolume(mount: MapNode, path: string, base: PathBase): MapNode {
  const type = getValue(mount, 'type')
  if (type?.kind !== 'scalar' || !types.includes(type.text)) {
    throw composeInvalid(
      type?.at ?? mount.at,
      type
        ? `"${type.kind === 'scalar' ? type.text : type.kind}" is not a type of volume`
        : `an item of ${path} has no type`,
      `add \`type:\` with one of ${types.join(', ')}`,
    )
  }
  const target = getValue(mount, 'target')
  if (target?.kind !== 'scalar' || typeof target.value !== 'string') {
    throw composeInvalid(
      mount.at,
      `an item of ${path} has no target`,
      'add `target:` with a path in the container',
    )
  }
  const cleaned = withValue(mount, 'target', makeText(cleanTarget(target.value), target.at))
  if (type.text !== 'bind') return cleaned
  const source = getValue(mount, 'source')
  if (source?.kind !== 'scalar' || typeof source.value !== 'string') {
    throw composeInvalid(
      mount.at,
      `a bind in ${path} has no source`,
      'add `source:` with a path of this machine',
    )
  }
  return withValue(cleaned, 'source', makeText(resolvePath(base, source.value), source.at))
}

/** `[source:]target[:options]`; the colon behind a drive letter belongs to the path, as Compose has it. */
function parseShortVolume(spec: string, at: Place, base: PathBase): MapNode {
  const parts = splitSpec(spec)
  if (spec === '' || parts.includes('')) {
    throw composeInvalid(
      at,
      `the volume "${spec}" has an empty part`,
      'write SOURCE:TARGET or SOURCE:TARGET:ro',
    )
  }
  if (parts.length > 3) {
    throw composeInvalid(
      at,
      `the volume "${spec}" has too many colons`,
      'write SOURCE:TARGET or SOURCE:TARGET:ro',
    )
  }
  const [first = '', second, options = ''] = parts
  const target = cleanTarget(second ?? first)
  if (second === undefined) return makeMount({ type: 'volume', target }, false, at)
  const isReadOnly = options
    .split(',')
    .reduce((before, option) => option === 'ro' || (option !== 'rw' && before), false)
  const isPath = /^[./~]/.test(first) || first.startsWith('\\\\') || /^\p{L}:/u.test(first)
  return isPath
    ? makeMount({ type: 'bind', source: resolvePath(base, first), target }, isReadOnly, at)
    : makeMount({ type: 'volume', source: first, target }, isReadOnly, at)
}

function splitSpec(spec: string): readonly string[] {
  if (spec.length <= 2) return [spec]
  const parts: string[] = []
  for (const part of spec.split(':')) {
    const before = parts.at(-1)
    if (before !== undefined && /^\p{L}$/u.test(before)) parts[parts.length - 1] = `${before}:${part}`
    else parts.push(part)
  }
  return parts
}

function makeMount(texts: Readonly<Record<string, string>>, isReadOnly: boolean, at: Place): MapNode {
  const entries = Object.entries(texts).map(([key, text]): [string, MapEntry] => [
    key,
    { at, value: makeText(text, at) },
  ])
  return makeMap([...entries, ['read_only', { at, value: makeBoolean(isReadOnly, at) }]], at)
}

function cleanTarget(target: string): string {
  return target === '' ? target : cleanContainerPath(target)
}
