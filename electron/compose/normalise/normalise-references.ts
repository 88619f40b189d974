import { wrongType } from '../nodes/compose-invalid.ts'
import {
  type ComposeNode,
  type ListNode,
  type MapEntry,
  type MapNode,
  makeBoolean,
  makeList,
  makeMap,
  makeNull,
  makeText,
} from '../nodes/compose-node.ts'

/** Brings `networks` of a service into the form of a mapping. */
export function normaliseServiceNetworks(node: ComposeNode, path: string): MapNode {
  if (node.kind === 'map') return node
  return makeMap(
    readNames(node, path).map(({ name, at }): [string, MapEntry] => [name, { at, value: makeNull(at) }]),
    node.at,
    node.mark,
  )
}

/** Brings `depends_on` into the form of a mapping. */
export function normaliseDependsOn(node: ComposeNode, path: string): MapNode {
  if (node.kind === 'map') return node
  return makeMap(
    readNames(node, path).map(({ name, at }): [string, MapEntry] => {
      const entries: [string, MapEntry][] = [
        ['condition', { at, value: makeText('service_started', at) }],
        ['required', { at, value: makeBoolean(true, at) }],
      ]
      return [name, { at, value: makeMap(entries, at) }]
    }),
    node.at,
    node.mark,
  )
}

/** Brings `secrets` and `configs` of a service into the long syntax. */
export function normaliseGrants(node: ComposeNode, path: string): ListNode {
  if (node.kind !== 'list') throw wrongType(path, node, 'a list of names')
  const items = node.items.map(item => {
    if (item.kind === 'map') return item
    if (item.kind === 'list' || typeof item.value !== 'string')
      throw wrongType(`an item of ${path}`, item, 'a name')
    return makeMap([['source', { at: item.at, value: makeText(item.value, item.at) }]], item.at)
  })
  return makeList(items, node.at, node.mark)
}

function readNames(node: ComposeNode, path: string) {
  if (node.kind !== 'list') throw wrongType(path, node, 'a list of names or a mapping')
  return node.items.map(item => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return { name: item.value, at: item.at }
    throw wrongType(`an item of ${path}`, item, 'a name')
  })
}
