import { composeInvalid, wrongType } from './compose-invalid.ts'
import { type ComposeNode, getValue, isNull, type MapNode } from './compose-node.ts'

/** The text below a key; null when nothing is said, or an empty text. */
export function readText(map: MapNode, key: string, path: string): string | null {
  const node = getValue(map, key)
  if (!node) return null
  if (node.kind !== 'scalar' || typeof node.value !== 'string')
    throw wrongType(`${path}.${key}`, node, 'a text')
  return node.value === '' ? null : node.value
}

/** The list of texts below a key; null when nothing is said. */
export function readTexts(map: MapNode, key: string, path: string): readonly string[] | null {
  const node = getValue(map, key)
  if (!node || isNull(node)) return null
  if (node.kind !== 'list') throw wrongType(`${path}.${key}`, node, 'a list')
  return node.items.map(item => {
    if (item.kind === 'scalar' && typeof item.value === 'string') return item.value
    throw wrongType(`an item of ${path}.${key}`, item, 'a text')
  })
}

/** Whether a key says true; a text such as "yes" counts, as a variable gives it. */
export function readFlag(map: MapNode, key: string, path: string): boolean {
  const node = getValue(map, key)
  if (!node) return false
  const word = node.kind === 'scalar' ? node.text.toLowerCase() : ''
  if (['true', 'y', 'yes', 'on'].includes(word)) return true
  if (['false', 'n', 'no', 'off'].includes(word)) return false
  throw wrongType(`${path}.${key}`, node, 'true or false')
}

/** The whole number below a key, which may be written as a text; null when nothing is said. */
export function readCount(map: MapNode, key: string, path: string): number | null {
  const node = getValue(map, key)
  if (!node) return null
  if (node.kind === 'scalar' && /^-?[0-9]+$/.test(node.text)) {
    if (Number(node.text) >= 0) return Number(node.text)
    throw composeInvalid(node.at, `${path}.${key} cannot be below zero`, 'write 0 or a larger number')
  }
  throw wrongType(`${path}.${key}`, node, 'a whole number')
}

/** The mapping below a key; null when nothing is said. */
export function readMap(map: MapNode, key: string, path: string): MapNode | null {
  const node = getValue(map, key)
  if (!node) return null
  if (node.kind === 'map') return node
  throw wrongType(`${path}.${key}`, node, 'a mapping')
}

/** The mappings of a list below a key; none when nothing is said. */
export function readMaps(map: MapNode, key: string, path: string): readonly MapNode[] {
  const node = getValue(map, key)
  const items: readonly ComposeNode[] = node?.kind === 'list' ? node.items : []
  return items.map(item => {
    if (item.kind === 'map') return item
    throw wrongType(`an item of ${path}.${key}`, item, 'a mapping')
  })
}
