import type { BlockArm, BlockPart, ParsedSql, SqlBlock, UnseenCode } from '../../engine/ports/sql-parser.ts'
import { findCalls } from '../../sql/find-reach.ts'
import { isSyntaxNode, readNode, readNodes, readText, type SyntaxNode } from '../../sql/syntax-node.ts'
import { findLiteralLines } from './literal-lines.ts'
import { type Grammar, indexOfByte, readCount } from './parse-sql.ts'
import { readExpressions, readInside, readQuery } from './plpgsql-nodes.ts'

/** Reads statements of SQL with what is known of each. */
type Describe = (sql: string) => readonly ParsedSql[]

/** Reads what a `do` statement runs. */
export function readBlock(grammar: Grammar, describe: Describe, sql: string): SqlBlock {
  const parts: BlockPart[] = []
  let forks = 0
  const reader: Reader = {
    grammar,
    describe,
    parts,
    addFork: () => {
      forks += 1
      return forks
    },
  }
  try {
    const unseen = readDo(reader, sql, [], line => line)
    return unseen ? { kind: 'unread', unseen } : { kind: 'read', parts }
  } catch (error) {
    // What is nested thousands deep is more than the stack holds.
    if (!(error instanceof RangeError)) throw error
    return { kind: 'unread', unseen: { kind: 'unreadable', problem: 'it is nested too deeply' } }
  }
}

interface Reader {
  readonly grammar: Grammar
  readonly describe: Describe
  readonly parts: BlockPart[]
  addFork(): number
}

/** A body of PL/pgSQL: its text, and the line of the statement on which each of its own lines stands. */
interface Body {
  readonly reader: Reader
  readonly text: string
  readonly lineOf: (line: number) => number
}

type Path = readonly BlockArm[]

/** Reads a block into the parts; says what keeps it from being read, if anything does. */
function readDo(reader: Reader, sql: string, path: Path, lineOf: (line: number) => number) {
  const parsed = reader.grammar.parse(sql)
  if (parsed.kind === 'refused') return { kind: 'unreadable', problem: parsed.problem.message } as const
  const [statement] = parsed.statements
  const options = readNodes(statement?.node ?? {}, 'args').map(option => readNode(option, 'DefElem'))
  const find = (name: string) => options.find(option => option.defname === name) ?? {}
  const language = readText(readNode(readNode(find('language'), 'arg'), 'String'), 'sval') ?? 'plpgsql'
  if (language !== 'plpgsql') return { kind: 'language', language } as const
  const text = readText(readNode(readNode(find('as'), 'arg'), 'String'), 'sval')
  // The parser of PL/pgSQL takes it for granted that there is a body.
  if (text === null) return { kind: 'unreadable', problem: 'it has no body' } as const
  const outcome = reader.grammar.parseBlock(sql)
  if (outcome.kind === 'refused') return { kind: 'unreadable', problem: outcome.message } as const
  const lines = findLiteralLines(sql, indexOfByte(sql, readCount(find('as'), 'location')), text)
  const body: Body = { reader, text, lineOf: line => lineOf((lines?.[line - 1] ?? 0) + 1) }
  for (const datum of readNodes(outcome.node, 'datums')) {
    const variable = readNode(datum, 'PLpgSQL_var')
    addCalls(body, readCount(variable, 'lineno'), path, readExpressions(variable))
  }
  readStatement(body, readNode(outcome.node, 'action'), path)
  return null
}

/** Reads statements in order; true when one of them may end the block before its end. */
function readList(body: Body, statements: readonly SyntaxNode[], path: Path): boolean {
  let here = path
  for (const statement of statements) {
    if (readStatement(body, statement, here)) here = [...here, arm(body, 'rest')]
  }
  return here !== path
}

function arm({ reader }: Body, kind: BlockArm['kind']): BlockArm {
  return { fork: reader.addFork(), arm: 0, kind }
}

/** Reads one statement and what stands in it; true when it may end the block before its end. */
function readStatement(body: Body, statement: SyntaxNode, path: Path): boolean {
  const [type = '', node] = Object.entries(statement)[0] ?? []
  if (!isSyntaxNode(node)) return false
  const line = readCount(node, 'lineno')
  const inside = readInside(type, node)
  const { query: _query, dynquery: _dynquery, ...rest } = node
  const expressions = [rest, ...inside.flatMap(({ owner }) => (owner ? [owner] : []))].flatMap(one =>
    readExpressions(one),
  )
  switch (type) {
    case 'PLpgSQL_stmt_execsql':
      addSql(body, line, path, readQuery(node, 'sqlstmt'))
      break
    case 'PLpgSQL_stmt_perform':
    case 'PLpgSQL_stmt_call':
      addSql(body, line, path, readQuery(node, 'expr'))
      break
    case 'PLpgSQL_stmt_fors':
      addSql(body, line, path, readQuery(node, 'query'))
      break
    case 'PLpgSQL_stmt_open':
      if ('query' in node) addSql(body, line, path, readQuery(node, 'query'))
      if ('dynquery' in node) addDynamic(body, line, path, readQuery(node, 'dynquery'))
      break
    case 'PLpgSQL_stmt_dynexecute':
    case 'PLpgSQL_stmt_dynfors':
      addDynamic(body, line, path, readQuery(node, 'query'))
      break
    case 'PLpgSQL_stmt_commit':
    case 'PLpgSQL_stmt_rollback':
      addSql(body, line, path, type.replace('PLpgSQL_stmt_', ''))
      break
  }
  addCalls(body, line, path, expressions)
  const forked = arm(body, 'branch')
  const ends = inside.map(({ kind, statements }, place) =>
    readList(body, statements, kind === null ? path : [...path, { ...forked, kind, arm: place }]),
  )
  // The parser adds a `return` without a line to every end.
  if (type === 'PLpgSQL_stmt_return') return 'lineno' in node
  if (type === 'PLpgSQL_stmt_exit') return 'label' in node || !path.some(({ kind }) => kind === 'loop')
  return ends.includes(true)
}

/** Adds a statement as it stands in the body. */
function addSql(body: Body, line: number, path: Path, sql: string): void {
  addStatements(body, body.reader.describe(sql), path, place => body.lineOf(line + place - 1))
}

/** Adds what `execute` runs, if that is written out. */
function addDynamic(body: Body, line: number, path: Path, expression: string): void {
  const prefix = 'select '
  const parsed = body.reader.grammar.parse(prefix + expression)
  const [select] = parsed.kind === 'parsed' ? parsed.statements : []
  const [target] = readNodes(select?.node ?? {}, 'targetList')
  const constant = readNode(readNode(readNode(target ?? {}, 'ResTarget'), 'val'), 'A_Const')
  const sql = readText(readNode(constant, 'sval'), 'sval')
  if (sql === null) {
    const unseen = { kind: 'computed', expression } as const
    body.reader.parts.push({ kind: 'unseen', unseen, line: body.lineOf(line), path })
    return
  }
  const inside = indexOfByte(prefix + expression, readCount(constant, 'location')) - prefix.length
  const start = body.text.split('\n', line - 1).join('\n').length
  const found = body.text.indexOf(expression, start)
  const lines = found < 0 ? null : findLiteralLines(body.text, found + inside, sql)
  addStatements(body, body.reader.describe(sql), path, place => {
    const known = lines?.[place - 1]
    return body.lineOf(known === undefined ? line : known + 1)
  })
}

function addStatements(
  { reader }: Body,
  statements: readonly ParsedSql[],
  path: Path,
  lineOf: (line: number) => number,
): void {
  for (const statement of statements) {
    const line = lineOf(statement.line)
    if (statement.type !== 'DoStmt') {
      reader.parts.push({ kind: 'statement', statement, line, path })
      if (statement.type === 'SelectStmt') addUnseen(reader, line, path, findCalls(statement.node))
      continue
    }
    const unseen = readDo(reader, statement.sql, path, place => lineOf(statement.line + place - 1))
    if (unseen) reader.parts.push({ kind: 'unseen', unseen, line, path })
  }
}

/** Adds the functions that the block itself calls. */
function addCalls(body: Body, line: number, path: Path, selects: readonly string[]): void {
  const names = selects.flatMap(sql => {
    const parsed = body.reader.grammar.parse(sql)
    return parsed.kind === 'parsed' ? parsed.statements.flatMap(({ node }) => findCalls(node)) : []
  })
  addUnseen(body.reader, body.lineOf(line), path, names)
}

function addUnseen(reader: Reader, line: number, path: Path, names: readonly (readonly string[])[]): void {
  const unseen = new Map<string, UnseenCode>(
    names.map(name => [JSON.stringify(name), { kind: 'call', name } as const]),
  )
  for (const one of unseen.values()) reader.parts.push({ kind: 'unseen', unseen: one, line, path })
}
