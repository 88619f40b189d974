import { readNode, readNodes, readText, type SyntaxNode } from '../../../sql/syntax-node.ts'

/** The value of an option of a statement as a node; null when it is not given. */
export function findOption(node: SyntaxNode, name: string, field = 'options'): SyntaxNode | null {
  const option = readNodes(node, field)
    .map(item => readNode(item, 'DefElem'))
    .find(item => readText(item, 'defname') === name)
  return option ? readNode(option, 'arg') : null
}

/** Whether an option is given and not switched off: `(concurrently)` alone means on. */
export function hasOption(node: SyntaxNode, name: string, field = 'options'): boolean {
  const value = findOption(node, name, field)
  if (value === null) return false
  return !/"sval":"(false|off|no)"|"ival":\{\}|"ival":0|"boolval":\{\}|"Boolean":\{\}/i.test(
    JSON.stringify(value),
  )
}

/** The option's text, such as the body of a function. */
export function readOptionText(node: SyntaxNode, name: string, field = 'options'): string {
  const value = findOption(node, name, field)
  if (value === null) return ''
  const text = readText(readNode(value, 'String'), 'sval')
  const parts = readNodes(readNode(value, 'List'), 'items')
  return text ?? parts.map(part => readText(readNode(part, 'String'), 'sval') ?? '').join('\n')
}
