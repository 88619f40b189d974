import { assertNever } from '../../shared/text/assert-never.ts'
import { sqlKeywords } from './sql-keywords.ts'

export type SqlTokenKind = 'keyword' | 'string' | 'comment' | 'number' | 'identifier' | 'plain'

export interface SqlToken {
  readonly kind: SqlTokenKind
  readonly text: string
}

/** What a line begins in: text of several lines is read line by line, and only as far as it is shown. */
export type SqlState =
  | { readonly kind: 'plain' }
  | { readonly kind: 'line_comment' }
  /** Block comments nest in PostgreSQL. */
  | { readonly kind: 'block_comment'; readonly depth: number }
  | { readonly kind: 'string'; readonly hasEscapes: boolean }
  | { readonly kind: 'quoted_identifier' }
  | { readonly kind: 'dollar'; readonly tag: string }

export const plainSql: SqlState = { kind: 'plain' }

type OpenState = Exclude<SqlState, { kind: 'plain' }>

type Emit = (kind: SqlTokenKind, from: number, to: number) => void

const space = /\s+/y
const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y
const number =
  /(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y
const dollarTag = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
const parameter = /\$\d+/y

/** Reads one line, says what each piece of it is, and gives the state that the next one begins in. */
export function scanSqlLine(line: string, before: SqlState, emit: Emit): SqlState {
  let state = before
  let position = 0
  while (position < line.length) {
    const from = position
    if (state.kind === 'plain') {
      const opening = openAt(line, position)
      if (opening === null) {
        position = scanPlain(line, position, emit)
        continue
      }
      state = opening.state
      position = opening.end
    }
    const closing = closeIn(line, position, state)
    emit(kindOf(state), from, closing.end)
    position = closing.end
    state = closing.state
  }
  return state
}

/** The tokens of one line. */
export function tokenizeSqlLine(line: string, before: SqlState): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  scanSqlLine(line, before, (kind, from, to) => tokens.push({ kind, text: line.slice(from, to) }))
  return tokens
}

function kindOf(state: OpenState): SqlTokenKind {
  if (state.kind === 'quoted_identifier') return 'identifier'
  return state.kind === 'line_comment' || state.kind === 'block_comment' ? 'comment' : 'string'
}

/** Something that is read to its own end begins here, or nothing does. */
function openAt(line: string, at: number): { readonly state: OpenState; readonly end: number } | null {
  const first = line[at]
  const second = line[at + 1]
  if (first === '-' && second === '-') return { state: { kind: 'line_comment' }, end: at + 2 }
  if (first === '/' && second === '*') return { state: { kind: 'block_comment', depth: 1 }, end: at + 2 }
  if (first === "'") return { state: { kind: 'string', hasEscapes: false }, end: at + 1 }
  if (first === '"') return { state: { kind: 'quoted_identifier' }, end: at + 1 }
  if (second === "'" && first !== undefined && 'eEbBxXnN'.includes(first))
    return { state: { kind: 'string', hasEscapes: first === 'e' || first === 'E' }, end: at + 2 }
  if ((first === 'u' || first === 'U') && second === '&') {
    if (line[at + 2] === "'") return { state: { kind: 'string', hasEscapes: false }, end: at + 3 }
    if (line[at + 2] === '"') return { state: { kind: 'quoted_identifier' }, end: at + 3 }
  }
  const tag = first === '$' ? matchAt(dollarTag, line, at) : null
  return tag === null ? null : { state: { kind: 'dollar', tag }, end: at + tag.length }
}

/** Where what is open ends on this line; when it does not, the line ends in it. */
function closeIn(
  line: string,
  at: number,
  state: OpenState,
): { readonly end: number; readonly state: SqlState } {
  switch (state.kind) {
    case 'line_comment':
      return { end: line.length, state }
    case 'block_comment':
      return closeComment(line, at, state.depth)
    case 'dollar': {
      const found = line.indexOf(state.tag, at)
      return found < 0 ? { end: line.length, state } : { end: found + state.tag.length, state: plainSql }
    }
    case 'string':
      return closeQuote(line, at, "'", state.hasEscapes, state)
    case 'quoted_identifier':
      return closeQuote(line, at, '"', false, state)
    default:
      return assertNever(state)
  }
}

function closeComment(line: string, at: number, opened: number) {
  let depth = opened
  for (let position = at; position < line.length; position += 1) {
    const pair = line.slice(position, position + 2)
    if (pair !== '/*' && pair !== '*/') continue
    depth += pair === '/*' ? 1 : -1
    position += 1
    if (depth === 0) return { end: position + 1, state: plainSql }
  }
  return { end: line.length, state: { kind: 'block_comment', depth } as const }
}

/** A doubled quote is a quote inside; with escapes, a backslash takes the meaning of what follows. */
function closeQuote(line: string, at: number, quote: string, hasEscapes: boolean, state: SqlState) {
  for (let position = at; position < line.length; position += 1) {
    if (hasEscapes && line[position] === '\\') position += 1
    else if (line[position] === quote) {
      if (line[position + 1] !== quote) return { end: position + 1, state: plainSql }
      position += 1
    }
  }
  return { end: line.length, state }
}

function scanPlain(line: string, at: number, emit: Emit): number {
  const text = matchAt(word, line, at)
  if (text !== null) {
    emit(sqlKeywords.has(text.toLowerCase()) ? 'keyword' : 'identifier', at, at + text.length)
    return at + text.length
  }
  const digits = matchAt(number, line, at) ?? matchAt(parameter, line, at)
  if (digits !== null) {
    emit('number', at, at + digits.length)
    return at + digits.length
  }
  const end = at + (matchAt(space, line, at)?.length ?? 1)
  emit('plain', at, end)
  return end
}

function matchAt(pattern: RegExp, line: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(line)?.[0] ?? null
}
