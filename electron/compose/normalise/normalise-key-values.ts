import { composeInvalid, wrongType } from '../nodes/compose-invalid.ts'
import {
  type ComposeNode,
  type MapEntry,
  type MapNode,
  makeMap,
  makeNull,
  makeText,
} from '../nodes/compose-node.ts'

/** Brings `environment`, `labels` and their like into one form: a mapping of texts, with null where nothing is said. */
export function normaliseKeyValues(node: ComposeNode, path: string): MapNode {
  if (node.kind === 'list') return makeMap(readList(node.items, path), node.at, node.mark)
  if (node.kind !== 'map') throw wrongType(path, node, 'a mapping or a list of `NAME=value`')
  const entries = [...node.entries].map(([key, { at, value }]): [string, MapEntry] => {
    if (value.kind !== 'scalar') throw wrongType(`${path}.${key}`, value, 'a single value')
    const text = value.value === null ? value : makeText(value.text, value.at, value.mark)
    return [key, { at, value: text }]
  })
  return makeMap(entries, node.at, node.mark)
}

function readList(items: readonly ComposeNode[], path: string): [string, MapEntry][] {
  return items.map((item): [string, MapEntry] => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      throw wrongType(`an item of ${path}`, item, 'a text such as `NAME=value`')
    }
    const split = item.value.indexOf('=')
    const key = split === -1 ? item.value : item.value.slice(0, split)
    if (/\s$/.test(key)) {
      throw composeInvalid(item.at, `the name "${key}" ends in a space`, 'remove the space before `=`')
    }
    const value = split === -1 ? makeNull(item.at) : makeText(item.value.slice(split + 1), item.at)
    return [key, { at: item.at, value }]
  })
}
