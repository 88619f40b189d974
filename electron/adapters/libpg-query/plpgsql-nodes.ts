import type { BlockArm } from '../../engine/ports/sql-parser.ts'
import { isSyntaxNode, readNode, readNodes, readText, type SyntaxNode } from '../../sql/syntax-node.ts'
import { readCount } from './parse-sql.ts'

/** Statements inside a statement, and the node of the condition on which they run. */
interface Inside {
  /** Null for what runs whenever the statement does. */
  readonly kind: BlockArm['kind'] | null
  readonly statements: readonly SyntaxNode[]
  readonly owner?: SyntaxNode
}

/** The bodies, branches and handlers of a statement of PL/pgSQL. */
export function readInside(type: string, node: SyntaxNode): readonly Inside[] {
  const branch = (owner: SyntaxNode, field: string): Inside => ({
    kind: 'branch',
    statements: readNodes(owner, field),
    owner,
  })
  switch (type) {
    case 'PLpgSQL_stmt_block': {
      const handlers = readNodes(
        readNode(readNode(node, 'exceptions'), 'PLpgSQL_exception_block'),
        'exc_list',
      )
      return [
        { kind: handlers.length > 0 ? 'guarded' : null, statements: readNodes(node, 'body') },
        ...handlers.map(item => ({
          kind: 'handler' as const,
          statements: readNodes(readNode(item, 'PLpgSQL_exception'), 'action'),
        })),
      ]
    }
    case 'PLpgSQL_stmt_if':
      return [
        { kind: 'branch', statements: readNodes(node, 'then_body') },
        ...readNodes(node, 'elsif_list').map(item => branch(readNode(item, 'PLpgSQL_if_elsif'), 'stmts')),
        { kind: 'branch', statements: readNodes(node, 'else_body') },
      ]
    case 'PLpgSQL_stmt_case':
      return [
        ...readNodes(node, 'case_when_list').map(item =>
          branch(readNode(item, 'PLpgSQL_case_when'), 'stmts'),
        ),
        { kind: 'branch', statements: readNodes(node, 'else_stmts') },
      ]
    default:
      // What else has a body is a loop.
      return [{ kind: 'loop', statements: readNodes(node, 'body') }]
  }
}

/** The text of an expression or statement. */
export function readQuery(node: SyntaxNode, field: string): string {
  return readText(readNode(readNode(node, field), 'PLpgSQL_expr'), 'query') ?? ''
}

/** Expressions of a node itself, each as a `select`; its queries and assignments are none by themselves. */
export function readExpressions(node: SyntaxNode): readonly string[] {
  return Object.values(node)
    .flatMap(value =>
      Array.isArray(value) ? value.filter(isSyntaxNode) : isSyntaxNode(value) ? [value] : [],
    )
    .flatMap(value => {
      const expression = readNode(value, 'PLpgSQL_expr')
      const query = readText(expression, 'query')
      if (query === null || expression.parseMode === 0) return []
      // Modes from 3 on are assignments: `a.b[1] := value`.
      return [`select ${readCount(expression, 'parseMode') < 3 ? query : query.replace(/^[^=]*?:?=/, '')}`]
    })
}
