import { wrongType } from '../nodes/compose-invalid.ts'
import { type ComposeNode, type MapNode, makeList, makeText, withValue } from '../nodes/compose-node.ts'

/** Brings a health check's test into the form of a list. */
export function normaliseHealthcheck(node: ComposeNode, path: string): MapNode {
  if (node.kind !== 'map') throw wrongType(path, node, 'a mapping')
  const test = node.entries.get('test')?.value
  if (test?.kind !== 'scalar' || typeof test.value !== 'string') return node
  const words = [makeText('CMD-SHELL', test.at), makeText(test.value, test.at)]
  return withValue(node, 'test', makeList(words, test.at, test.mark))
}
