/** A piece of a printed definition: a token, or what stands in brackets. */
type Piece = string | Group

interface Group {
  readonly open: '(' | '['
  readonly pieces: readonly Piece[]
}

/**
 * Gives a definition the form that it keeps when it is dumped and restored, however often.
 *
 * PostgreSQL prints some expressions so that reading them again makes another tree of the same meaning: `x in ('a', 'b')`
 * on a varchar is first a cast of an array and then an array of casts, and `a between 1 and 2 and b` first nests what then
 * lies side by side. Exactly what its own parser does with such text is done here, and nothing else: a cast of `ARRAY[...]`
 * goes to the elements, a length of a constant to the constant, and AND in AND, or OR in OR, is one list.
 */
export function normalizeDefinition(text: string): string {
  if (!mayChange(text)) return text
  const pieces = readPieces(text)
  return pieces === null ? text : print(rewrite(pieces))
}

/** Quick to answer, because most definitions stay as they are. */
function mayChange(text: string): boolean {
  return text.includes('])::') || (text.includes('((') && /\b(?:AND|OR)\b/.test(text))
}

const token =
  /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$|[\p{L}_][\p{L}\p{N}_$]*|\s+|::|./suy

const closing = { '(': ')', '[': ']' } as const

/** Null where brackets do not match: then nothing is known about the text. */
function readPieces(text: string): readonly Piece[] | null {
  const stack: { readonly open: '(' | '[' | null; readonly pieces: Piece[] }[] = [{ open: null, pieces: [] }]
  token.lastIndex = 0
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    const [word] = found
    const inner = stack.at(-1)
    if (inner === undefined) return null
    if (word === '(' || word === '[') stack.push({ open: word, pieces: [] })
    else if (word !== ')' && word !== ']') inner.pieces.push(word)
    else {
      if (inner.open === null || closing[inner.open] !== word) return null
      stack.pop()
      stack.at(-1)?.pieces.push({ open: inner.open, pieces: inner.pieces })
    }
  }
  const [outermost, ...unclosed] = stack
  return outermost && unclosed.length === 0 ? outermost.pieces : null
}

function print(pieces: readonly Piece[]): string {
  return pieces
    .map(piece =>
      typeof piece === 'string' ? piece : piece.open + print(piece.pieces) + closing[piece.open],
    )
    .join('')
}

function rewrite(pieces: readonly Piece[]): readonly Piece[] {
  const inside = pieces.map(piece =>
    typeof piece === 'string' ? piece : flatten({ ...piece, pieces: rewrite(piece.pieces) }),
  )
  return rewriteCasts(inside)
}

/** Casts from the inside out: what one leaves may be cast again. */
function rewriteCasts(pieces: readonly Piece[]): readonly Piece[] {
  const done: Piece[] = []
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = pieces[at]
    if (piece === undefined) break
    const type = isGroup(piece, '(') && pieces[at + 1] === '::' ? readType(pieces, at + 2) : null
    const cast = type === null ? null : castGroup(piece, type.pieces)
    if (type === null || cast === null) {
      done.push(piece)
      continue
    }
    done.push(...cast)
    at += 1 + type.pieces.length
  }
  return done
}

function castGroup(group: Piece, type: readonly Piece[]): readonly Piece[] | null {
  if (!isGroup(group, '(')) return null
  return castArray(group, type) ?? castConstant(group, type)
}

/** `(ARRAY[a, b])::text[]` is read as `ARRAY[(a)::text, (b)::text]`. */
function castArray({ pieces }: Group, type: readonly Piece[]): readonly Piece[] | null {
  const [keyword, list, ...more] = pieces
  const last = type.at(-1)
  if (keyword !== 'ARRAY' || more.length > 0 || !isGroup(list, '[') || !isGroup(last, '[')) return null
  const element = type.slice(0, -1)
  const elements = splitAt(list.pieces, ',').map(operand => {
    const value = trim(operand)
    // An array in an array is cast as an array.
    if (value[0] === 'ARRAY') return rewriteCasts([{ open: '(', pieces: value }, '::', ...type])
    return rewriteCasts([{ open: '(', pieces: value }, '::', ...element])
  })
  return [
    'ARRAY',
    { open: '[', pieces: elements.flatMap((value, i) => (i === 0 ? value : [',', ' ', ...value])) },
  ]
}

/** `('a'::character varying)::character varying(9)` is read as `'a'::character varying(9)`. */
function castConstant({ pieces }: Group, type: readonly Piece[]): readonly Piece[] | null {
  const [value, colons, ...own] = pieces
  const length = type.findIndex(piece => isGroup(piece, '('))
  if (typeof value !== 'string' || !value.endsWith("'") || colons !== '::' || length < 0) return null
  const plain = print(type.filter((_piece, index) => index !== length))
  const same = print(own) === plain || (print(own) === 'bpchar' && plain === 'character')
  return same ? [value, '::', ...type] : null
}

/** The pieces of a type's name that begin at a place; null where there is none. */
function readType(pieces: readonly Piece[], start: number): { readonly pieces: readonly Piece[] } | null {
  let end = start
  for (let at = start; at < pieces.length; at += 1) {
    const piece = pieces[at]
    if (piece === undefined) break
    if (isGroup(piece, '[')) {
      if (piece.pieces.length === 0) end = at + 1
      break
    }
    if (isGroup(piece, '(')) {
      if (!/^\d+(,\d+)?$/.test(print(piece.pieces))) break
    } else if (piece === ' ' || piece === '.') continue
    else if (!isName(piece) || (pieces[at - 1] === ' ' && !laterWords.has(piece))) break
    end = at + 1
  }
  return end === start ? null : { pieces: pieces.slice(start, end) }
}

/** What a type's name may go on with after a space. */
const laterWords = new Set(
  'varying precision with without time zone year month day hour minute second to'.split(' '),
)

function isName(piece: Piece): piece is string {
  return typeof piece === 'string' && /^(?:"|[\p{L}_])/u.test(piece) && !/^[eE]'/.test(piece)
}

function isGroup(piece: Piece | undefined, open: Group['open']): piece is Group {
  return typeof piece === 'object' && piece.open === open
}

/** `((a AND b) AND c)` is read as `(a AND b AND c)`, whichever side the inner one is on. */
function flatten(group: Group): Group {
  const operands = group.open === '(' ? readOperands(group) : null
  if (operands === null) return group
  const pieces = operands.operands.flatMap((operand, index): readonly Piece[] => {
    const [only, ...more] = trim(operand)
    const inner = isGroup(only, '(') && more.length === 0 ? readOperands(only) : null
    const list = inner?.word === operands.word && isGroup(only, '(') ? only.pieces : trim(operand)
    return index === 0 ? list : [' ', operands.word, ' ', ...list]
  })
  return { ...group, pieces }
}

interface Operands {
  readonly word: 'AND' | 'OR'
  readonly operands: readonly (readonly Piece[])[]
}

/** What one operator joins in brackets; null where nothing is joined, or by both. */
function readOperands({ pieces }: Group): Operands | null {
  const words = new Set(pieces.filter(piece => piece === 'AND' || piece === 'OR'))
  const [word] = words
  // `rows between ... and ...` is another AND.
  if (word === undefined || words.size > 1 || pieces.some(piece => piece === 'BETWEEN' || piece === ','))
    return null
  return { word, operands: splitAt(pieces, word) }
}

function splitAt(pieces: readonly Piece[], separator: string): readonly (readonly Piece[])[] {
  const parts: Piece[][] = [[]]
  for (const piece of pieces) {
    if (piece === separator) parts.push([])
    else parts.at(-1)?.push(piece)
  }
  return parts
}

function trim(pieces: readonly Piece[]): readonly Piece[] {
  const isSpace = (piece: Piece | undefined) => typeof piece === 'string' && /^\s+$/.test(piece)
  const start = pieces.findIndex(piece => !isSpace(piece))
  const end = pieces.findLastIndex(piece => !isSpace(piece))
  return start < 0 ? [] : pieces.slice(start, end + 1)
}
