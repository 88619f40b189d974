/**
 * The line of a text on which each line of a literal's value stands; null when that cannot be told.
 *
 * `at` is where the literal begins. Lines count from 0.
 */
export function findLiteralLines(text: string, at: number, value: string): readonly number[] | null {
  const first = text.slice(0, at).split('\n').length - 1
  const literal = text.slice(at)
  const lines = literal.startsWith('$') ? readDollarLines(value, first) : readQuotedLines(literal, first)
  return lines?.length === value.split('\n').length ? lines : null
}

/** Between dollar quotes stands the value itself. */
function readDollarLines(value: string, first: number): readonly number[] {
  return value.split('\n').map((_, line) => first + line)
}

/** Pieces of a quoted literal that matter for lines; a quote that is none of the others ends it. */
const piece = /''|'[^\S\n]*\n\s*'|\\[\s\S]|\n|'/g

function readQuotedLines(literal: string, first: number): readonly number[] | null {
  const start = /^(?:[eE]|[nN]|[uU]&)?'/.exec(literal)?.[0]
  if (start === undefined) return null
  const hasEscapes = /^e/i.test(start)
  const lines = [first]
  let line = first
  const pieces = new RegExp(piece)
  pieces.lastIndex = start.length
  for (let found = pieces.exec(literal); found; found = pieces.exec(literal)) {
    const [text] = found
    if (text === "'") return lines
    if (text.startsWith('\\') && !hasEscapes) {
      // A plain backslash: what follows is looked at by itself.
      pieces.lastIndex = found.index + 1
    } else if (text === '\n' || text === '\\\n') {
      line += 1
      lines.push(line)
    } else if (text === '\\n') lines.push(line)
    // A literal may go on behind a line break, which is then no part of it.
    else line += text.split('\n').length - 1
  }
  return null
}
