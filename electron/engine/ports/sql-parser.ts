import type { SyntaxNode } from '../../sql/syntax-node.ts'

/** Reads SQL with PostgreSQL's own grammar: what a statement touches, and where it can run. */
export interface SqlParser {
  /** Facts about each statement, in order; text that does not parse is a statement with a `problem`. Never throws. */
  describe(sql: string): Promise<readonly SqlStatementFacts[]>
  /** The same with each statement's parse tree. Never throws. */
  parse(sql: string): Promise<readonly ParsedSql[]>
  /** What a `do` statement runs; lines count from the statement's first one. Never throws. */
  readBlock(sql: string): Promise<SqlBlock>
}

/** What a `do` block runs, as far as its text tells. */
export type SqlBlock =
  | { readonly kind: 'read'; readonly parts: readonly BlockPart[] }
  | { readonly kind: 'unread'; readonly unseen: UnreadCode }

/** A statement of a block, or a place where it runs something that its text does not show; in order. */
export type BlockPart = (
  | { readonly kind: 'statement'; readonly statement: ParsedSql }
  | { readonly kind: 'unseen'; readonly unseen: UnseenCode }
) & {
  readonly line: number
  /** From the outside in; empty for what runs whenever the block does. */
  readonly path: readonly BlockArm[]
}

/** One of several ways through a block. */
export interface BlockArm {
  /** The place where the ways part: the same for all of them. */
  readonly fork: number
  readonly arm: number
  /** `guarded` runs, but an error undoes it and goes on in a `handler`; a `rest` follows a `return` that may come first. */
  readonly kind: 'branch' | 'loop' | 'guarded' | 'handler' | 'rest'
}

/** A block that cannot be looked into. */
export type UnreadCode =
  | { readonly kind: 'language'; readonly language: string }
  | { readonly kind: 'unreadable'; readonly problem: string }

/** What is known of code that is not seen. */
export type UnseenCode =
  | UnreadCode
  /** SQL that an expression makes while the block runs. */
  | { readonly kind: 'computed'; readonly expression: string }
  /** A function, by the parts of its name. */
  | { readonly kind: 'call'; readonly name: readonly string[] }

/** A statement with its raw parse tree, as PostgreSQL 18 reads it. */
export interface ParsedSql extends SqlStatementFacts {
  /** Node type of the raw grammar, such as `CreateStmt`; empty when the text does not parse. */
  readonly type: string
  /** The fields of that node; empty when the text does not parse. */
  readonly node: SyntaxNode
}

export interface SqlStatementFacts {
  /** The statement exactly as written, without its semicolon. */
  readonly sql: string
  /** Line on which it starts, counted from 1. */
  readonly line: number
  /** Qualified names, quoted where needed so that `to_regclass` reads them; `public` where no schema is written. */
  readonly tables: readonly string[]
  /** False when the server refuses it inside a transaction block. */
  readonly transactional: boolean
  /** False when a transaction that ran it cannot be prepared. */
  readonly preparable: boolean
  /** True when it begins, ends or divides a transaction itself. */
  readonly control: boolean
  /** Why it is not transactional, not preparable or control; empty when it is none of these. */
  readonly reason: string
  /** The index that `create index concurrently` makes. */
  readonly createsIndexConcurrently?: ConcurrentIndex
  /** Set when the text could not be parsed: the other facts are then the harmless defaults. */
  readonly problem?: SqlProblem
}

export interface ConcurrentIndex {
  /** As written; null when the server is left to choose it. */
  readonly name: string | null
  /** The table, qualified and quoted like `tables`; without a schema when none is written. */
  readonly table: string
  /** Whether it says `if not exists`, so that it may run again. */
  readonly ifNotExists: boolean
}

/** Where and why a text is not SQL. */
export interface SqlProblem {
  readonly message: string
  readonly line: number
  readonly column: number
}
