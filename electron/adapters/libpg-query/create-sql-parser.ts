import { quoteName } from '../../../shared/sql/quote-name.ts'
import type { ConcurrentIndex, ParsedSql, SqlParser, SqlProblem } from '../../engine/ports/sql-parser.ts'
import { readText } from '../../sql/syntax-node.ts'
import { classifyStatement } from './classify-statement.ts'
import { findRelations, type WrittenRelation } from './find-tables.ts'
import { countLines, type Grammar, loadGrammar, type ParsedStatement } from './parse-sql.ts'
import { readBlock } from './read-block.ts'

/** Makes the SQL parser; the grammar is loaded once, when it is first asked. */
export function createSqlParser(): SqlParser {
  let loading: Promise<Grammar> | null = null
  return {
    describe: async sql => {
      loading ??= loadGrammar()
      return describeText(await loading, sql).map(({ type: _type, node: _node, ...facts }) => facts)
    },
    parse: async sql => {
      loading ??= loadGrammar()
      return describeText(await loading, sql)
    },
    readBlock: async sql => {
      loading ??= loadGrammar()
      const grammar = await loading
      return readBlock(grammar, text => describeText(grammar, text), sql)
    },
  }
}

/** Describes what parses, and cuts out what does not as statements of their own. */
function describeText(grammar: Grammar, sql: string): readonly ParsedSql[] {
  const facts: ParsedSql[] = []
  let rest = sql
  let linesBefore = 0
  let problems = 0
  while (rest.trim() !== '') {
    const outcome = grammar.parse(rest)
    if (outcome.kind === 'parsed') {
      facts.push(...describeAll(outcome.statements, linesBefore))
      break
    }
    if (problems === mostProblems) {
      facts.push(describeProblem(rest.trim(), linesBefore, firstLine(rest), outcome.problem))
      break
    }
    problems += 1
    const piece = cutOut(grammar, rest, outcome.at)
    facts.push(...describeAll(piece.before, linesBefore))
    facts.push(
      describeProblem(piece.sql, linesBefore, countLines(rest.slice(0, piece.start)), outcome.problem),
    )
    linesBefore += countLines(rest.slice(0, piece.end)) - 1
    rest = rest.slice(piece.end)
  }
  return facts
}

/** A text with more errors than this is no SQL, and what is left of it is one more. */
const mostProblems = 500

function firstLine(text: string): number {
  return countLines(text.slice(0, text.length - text.trimStart().length))
}

interface Piece {
  readonly before: readonly ParsedStatement[]
  readonly sql: string
  readonly start: number
  readonly end: number
}

/** Finds the statement around a syntax error: from the last semicolon up to which all parses, to the next one. */
function cutOut(grammar: Grammar, text: string, at: number): Piece {
  const earlier = grammar.findSemicolons(text.slice(0, at)) ?? []
  for (const semicolon of [...earlier].reverse()) {
    const outcome = grammar.parse(text.slice(0, semicolon))
    if (outcome.kind === 'parsed') return cutPiece(grammar, text, at, semicolon + 1, outcome.statements)
  }
  return cutPiece(grammar, text, at, 0, [])
}

function cutPiece(
  grammar: Grammar,
  text: string,
  at: number,
  after: number,
  before: readonly ParsedStatement[],
): Piece {
  const start = after + text.slice(after).length - text.slice(after).trimStart().length
  const end = Math.max(findEnd(grammar, text, at), start)
  return { before, sql: text.slice(start, end).replace(/;\s*$/, '').trimEnd(), start, end }
}

function findEnd(grammar: Grammar, text: string, at: number): number {
  // A command of psql ends with its line.
  if (text[at] === '\\') {
    const newline = text.indexOf('\n', at)
    return newline < 0 ? text.length : newline
  }
  // Mostly the end is near, and cutting all the rest of a long text into tokens takes its time.
  for (let length = 1_000; ; length *= 8) {
    const isAll = at + length >= text.length
    const piece = text.slice(at, at + length)
    // A piece that ends in the middle of a literal cannot be cut; one that ends in a word still can.
    const semicolon = grammar.findSemicolons(piece)?.[0]
    if (semicolon !== undefined) return at + semicolon + 1
    if (isAll) return text.length
  }
}

function describeProblem(sql: string, linesBefore: number, line: number, problem: SqlProblem): ParsedSql {
  return {
    type: '',
    node: {},
    sql,
    line: linesBefore + line,
    tables: [],
    transactional: true,
    preparable: true,
    control: false,
    reason: '',
    problem: { ...problem, line: linesBefore + problem.line },
  }
}

function describeAll(statements: readonly ParsedStatement[], linesBefore: number): readonly ParsedSql[] {
  return statements.map(statement => {
    const found = classifyStatement(statement)
    const index = findConcurrentIndex(statement)
    return {
      type: statement.type,
      node: statement.node,
      sql: statement.sql,
      line: linesBefore + statement.line,
      tables: nameTables(findRelations(statement)),
      transactional: found.kind !== 'outside',
      preparable: found.kind === 'transactional' || found.kind === 'control',
      control: found.kind === 'control',
      reason: found.kind === 'transactional' ? '' : found.reason,
      ...(index === null ? {} : { createsIndexConcurrently: index }),
    }
  })
}

function nameTables(relations: readonly WrittenRelation[]): readonly string[] {
  return [...new Set(relations.map(relation => quoteRelation(relation.schema ?? 'public', relation.name)))]
}

function quoteRelation(schema: string | null, name: string): string {
  return [...(schema === null ? [] : [schema]), name].map(quoteName).join('.')
}

function findConcurrentIndex({ type, node }: ParsedStatement): ConcurrentIndex | null {
  if (type !== 'IndexStmt' || node.concurrent !== true) return null
  const relation = node.relation
  const [table] = findRelations({ sql: '', line: 1, type: 'IndexStmt', node: { relation } })
  return {
    name: readText(node, 'idxname'),
    table: table ? quoteRelation(table.schema, table.name) : '',
    ifNotExists: node.if_not_exists === true,
  }
}
