/** One import of a file, whether of values or of types. */
export interface FoundImport {
  /** What is imported, as written; null when it is worked out only when the program runs. */
  readonly specifier: string | null
  readonly line: number
}

interface Token {
  readonly kind: 'word' | 'string' | 'sign'
  readonly text: string
  readonly line: number
}

/** Finds static, dynamic, re-exporting and type-only imports, and `require`; not what only looks like them in text. */
export function findImports(source: string): readonly FoundImport[] {
  const tokens = cutIntoTokens(source)
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || tokens[index - 1]?.text === '.') return []
    if (token.text === 'import') return readImport(tokens, index)
    if (token.text === 'export') return readExport(tokens, index)
    if (token.text === 'require' && isSign(tokens[index + 1], '(')) return readCall(tokens, index + 2)
    return []
  })
}

function readImport(tokens: readonly Token[], index: number): readonly FoundImport[] {
  const next = tokens[index + 1]
  if (isSign(next, '(')) return readCall(tokens, index + 2)
  if (isSign(next, '.')) return []
  if (next?.kind === 'string') return [{ specifier: next.text, line: next.line }]
  return readFrom(tokens, index + 1)
}

function readExport(tokens: readonly Token[], index: number): readonly FoundImport[] {
  const at = tokens[index + 1]?.text === 'type' ? index + 2 : index + 1
  if (isSign(tokens[at], '*')) return readFrom(tokens, at)
  if (!isSign(tokens[at], '{')) return []
  const end = tokens.findIndex((token, place) => place > at && isSign(token, '}'))
  return tokens[end + 1]?.text === 'from' ? readFrom(tokens, end + 1) : []
}

function readFrom(tokens: readonly Token[], start: number): readonly FoundImport[] {
  const from = tokens.findIndex(
    (token, place) => place >= start && token.text === 'from' && tokens[place + 1]?.kind === 'string',
  )
  const name = from < 0 ? undefined : tokens[from + 1]
  return name ? [{ specifier: name.text, line: name.line }] : []
}

function readCall(tokens: readonly Token[], index: number): readonly FoundImport[] {
  const name = tokens[index]
  if (!name) return []
  const isLiteral = name.kind === 'string' && [')', ','].includes(tokens[index + 1]?.text ?? '')
  return [{ specifier: isLiteral ? name.text : null, line: name.line }]
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text
}

/** Words after which a slash begins a pattern and not a division. */
const wordsBeforePattern = new Set([
  'return',
  'typeof',
  'case',
  'in',
  'of',
  'do',
  'else',
  'void',
  'throw',
  'await',
  'yield',
])

const parts: readonly (readonly [kind: Token['kind'] | 'nothing' | 'pattern', expression: RegExp])[] = [
  ['nothing', /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|^#![^\n]*/y],
  ['string', /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y],
  ['word', /[\p{ID_Start}$_#][\p{ID_Continue}$]*|\d[\w.]*/uy],
  ['pattern', /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y],
  ['sign', /[\s\S]/y],
]

function cutIntoTokens(source: string): readonly Token[] {
  const tokens: Token[] = []
  // One entry per `${` that is open, with the braces open inside of it.
  const braces: number[] = []
  let at = 0
  let line = 1
  const take = (length: number): string => {
    const text = source.slice(at, at + length)
    at += length
    line += text.split('\n').length - 1
    return text
  }
  while (at < source.length) {
    const startLine = line
    const character = source[at]
    if (character === '`' || (character === '}' && braces.at(-1) === 0)) {
      if (character === '}') braces.pop()
      const text = take(lengthOfTemplate(source, at))
      if (text.endsWith('${')) braces.push(0)
      tokens.push({ kind: 'sign', text: '`', line: startLine })
      continue
    }
    for (const [kind, expression] of parts) {
      if (kind === 'pattern' && !canBeginPattern(tokens.at(-1))) continue
      expression.lastIndex = at
      const found = expression.exec(source)?.[0]
      if (found === undefined) continue
      take(found.length)
      if (kind === 'nothing') break
      if (found === '{') braces.push((braces.pop() ?? Number.NaN) + 1)
      if (found === '}') braces.push((braces.pop() ?? Number.NaN) - 1)
      const text = kind === 'string' ? found.slice(1, -1) : found
      tokens.push({ kind: kind === 'pattern' ? 'sign' : kind, text, line: startLine })
      break
    }
  }
  return tokens
}

/** Up to and including the closing backtick or the next `${`. */
function lengthOfTemplate(source: string, at: number): number {
  const expression = /[`}](?:[^`\\$]|\\[\s\S]|\$(?!\{))*(?:`|\$\{|$)/y
  expression.lastIndex = at
  return expression.exec(source)?.[0].length ?? 1
}

function canBeginPattern(before: Token | undefined): boolean {
  if (before === undefined) return true
  if (before.kind === 'word') return wordsBeforePattern.has(before.text)
  return before.kind === 'sign' && ![')', ']', '}', '`'].includes(before.text)
}
