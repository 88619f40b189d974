/** A node of PostgreSQL's raw parse tree, as libpg_query writes it to JSON. */
export type SyntaxNode = { readonly [field: string]: unknown }

/** Tells an object of the tree from its leaves and lists. */
export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The field as a node; an empty one when there is none. */
export function readNode(node: SyntaxNode, field: string): SyntaxNode {
  const value = node[field]
  return isSyntaxNode(value) ? value : {}
}

/** The field as a list of nodes; empty when there is none. */
export function readNodes(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field]
  return Array.isArray(value) ? value.filter(isSyntaxNode) : []
}

/** The field as text; null when there is none. */
export function readText(node: SyntaxNode, field: string): string | null {
  const value = node[field]
  return typeof value === 'string' ? value : null
}

/** The parts of a name that the tree holds as `{ String: { sval } }` nodes. */
export function readNameParts(nodes: readonly SyntaxNode[]): readonly string[] {
  return nodes.flatMap(node => readText(readNode(node, 'String'), 'sval') ?? [])
}

/** Visits a node and all below it, each once, without recursion: a long chain of `or` is deep. */
export function* walkTree(root: SyntaxNode): Generator<SyntaxNode> {
  const waiting: SyntaxNode[] = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node
    for (const value of Object.values(node)) {
      if (isSyntaxNode(value)) waiting.push(value)
      else if (Array.isArray(value)) waiting.push(...value.filter(isSyntaxNode))
    }
  }
}
