import type { SqlProblem } from '../../engine/ports/sql-parser.ts'
import { isSyntaxNode, readNode, readNodes, type SyntaxNode } from '../../sql/syntax-node.ts'

/** One statement of a text: where it stands, and its parse tree. */
export interface ParsedStatement {
  /** Exactly as written, without leading comments and without the semicolon. */
  readonly sql: string
  /** Line on which it starts, counted from 1. */
  readonly line: number
  /** Node type of the raw grammar, such as `CreateStmt`. */
  readonly type: string
  readonly node: SyntaxNode
}

export type ParseOutcome =
  | { readonly kind: 'parsed'; readonly statements: readonly ParsedStatement[] }
  | {
      readonly kind: 'refused'
      readonly problem: SqlProblem /** Index of the place in the text. */
      readonly at: number
    }

export type BlockOutcome =
  | { readonly kind: 'parsed'; readonly node: SyntaxNode }
  | { readonly kind: 'refused'; readonly message: string }

/** Reads SQL with the grammar of PostgreSQL 18. */
export interface Grammar {
  parse(sql: string): ParseOutcome
  /** Reads the body of a `do` statement as PL/pgSQL; the node is its `PLpgSQL_function`. */
  parseBlock(sql: string): BlockOutcome
  /** Indexes of the semicolons that stand outside of literals and comments; null when the text cannot be cut into tokens. */
  findSemicolons(sql: string): readonly number[] | null
}

/** Starts the grammar; the WebAssembly module takes about a tenth of a second, so it is loaded on first use only. */
export async function loadGrammar(): Promise<Grammar> {
  const library = await import('libpg-query')
  await library.loadModule()
  return {
    parse: sql => {
      const nul = sql.indexOf('\0')
      // The library hands over C strings: behind a NUL it would see nothing, and the server would refuse it.
      if (nul >= 0) return refuse(sql, nul, 'a NUL character cannot be part of SQL')
      if (sql.trim() === '') return { kind: 'parsed', statements: [] }
      try {
        const tree: unknown = library.parseSync(sql)
        return { kind: 'parsed', statements: isSyntaxNode(tree) ? cutStatements(sql, tree) : [] }
      } catch (error) {
        const position = library.hasSqlDetails(error) ? (error.sqlDetails?.cursorPosition ?? 0) : 0
        const index = indexOf(sql, position)
        return refuse(sql, index, error instanceof Error ? error.message : String(error))
      }
    },
    parseBlock: sql => {
      try {
        const [found] = readNodes({ ...library.parsePlPgSQLSync(sql) }, 'plpgsql_funcs')
        const node = readNode(found ?? {}, 'PLpgSQL_function')
        return 'action' in node ? { kind: 'parsed', node } : { kind: 'refused', message: 'there is no body' }
      } catch (error) {
        return { kind: 'refused', message: error instanceof Error ? error.message : String(error) }
      }
    },
    findSemicolons: sql => {
      if (sql.trim() === '') return []
      const bytes = Buffer.from(sql)
      try {
        return library
          .scanSync(sql)
          .tokens.filter(token => token.text === ';')
          .map(token => bytes.subarray(0, token.start).toString().length)
      } catch {
        return null
      }
    },
  }
}

/** The index of a byte of UTF-8. */
export function indexOfByte(sql: string, bytes: number): number {
  return Buffer.from(sql).subarray(0, bytes).toString().length
}

/** The index of a character, where characters of two code units count once. */
function indexOf(sql: string, position: number): number {
  let index = 0
  for (let character = 0; character < position && index < sql.length; character += 1) {
    index += (sql.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
  }
  return index
}

function cutStatements(sql: string, tree: SyntaxNode): readonly ParsedStatement[] {
  // Locations are counted in bytes of UTF-8.
  const bytes = Buffer.from(sql)
  let counted = 0
  let line = 1
  return readNodes(tree, 'stmts').flatMap(raw => {
    const location = readCount(raw, 'stmt_location')
    const length = readCount(raw, 'stmt_len') || bytes.length - location
    const text = bytes.subarray(location, location + length).toString()
    const start = location + Buffer.byteLength(text) - Buffer.byteLength(text.trimStart())
    line += countLines(bytes.subarray(counted, start).toString()) - 1
    counted = start
    const [type, node] = Object.entries(readNode(raw, 'stmt'))[0] ?? []
    return type === undefined || !isSyntaxNode(node) ? [] : [{ sql: text.trim(), line, type, node }]
  })
}

/** The field as a number; 0 when there is none. */
export function readCount(node: SyntaxNode, field: string): number {
  const value = node[field]
  return typeof value === 'number' ? value : 0
}

function refuse(sql: string, at: number, message: string): ParseOutcome {
  const before = sql.slice(0, at)
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1
  return { kind: 'refused', problem: { message, line: countLines(before), column }, at }
}

/** The line that a text ends on, counted from 1. */
export function countLines(text: string): number {
  return text.split('\n').length
}
