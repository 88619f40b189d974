/** A comment that has a line of its own. */
export interface LineComment {
  /** Counted from 1. */
  readonly line: number
  /** What follows the two hyphens, without space around it. */
  readonly text: string
  /** Where the text goes on behind it. */
  readonly end: number
}

/**
 * What has to be told apart to know what is a comment: strings, quoted names, dollar quotes, and both kinds of comments.
 * A line of Play begins with `#`, which is an operator elsewhere: only its markers are taken for comments.
 */
const pieces =
  /(?<![\w$\u0080-\uffff])[eE]'(?:[^'\\]+|\\[\s\S]|'')*'?|'[^']*'?|"[^"]*"?|(?<![\w$\u0080-\uffff])(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)|(?<block>\/\*)|--(?<comment>[^\n\r]*)|(?<hash>#[ \t]*-*[ \t]*![ \t]*(?:ups|downs)\b[^\n\r]*)/gi

/** Lists the comments that have lines of their own; what stands in strings, in function bodies and in block comments is none. */
export function listLineComments(sql: string): readonly LineComment[] {
  const comments: LineComment[] = []
  const searching = new RegExp(pieces)
  const lines = createLineCounter(sql)
  for (let found = searching.exec(sql); found; found = searching.exec(sql)) {
    const { dollar, block, comment = found.groups?.hash } = found.groups ?? {}
    if (dollar !== undefined) searching.lastIndex = findEnd(sql, dollar, searching.lastIndex)
    else if (block !== undefined) searching.lastIndex = findEndOfBlock(sql, searching.lastIndex)
    else if (comment !== undefined && isFirstOfLine(sql, found.index))
      comments.push({ line: lines.lineOf(found.index), text: comment.trim(), end: searching.lastIndex })
  }
  return comments
}

function findEnd(sql: string, mark: string, from: number): number {
  const end = sql.indexOf(mark, from)
  return end < 0 ? sql.length : end + mark.length
}

/** Block comments of PostgreSQL are nested. */
function findEndOfBlock(sql: string, from: number): number {
  const searching = /\/\*|\*\//g
  searching.lastIndex = from
  let depth = 1
  for (let found = searching.exec(sql); found; found = searching.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return searching.lastIndex
  }
  return sql.length
}

function isFirstOfLine(sql: string, at: number): boolean {
  const start = Math.max(sql.lastIndexOf('\n', at - 1), sql.lastIndexOf('\r', at - 1)) + 1
  return at === 0 || sql.slice(start, at).trim() === ''
}

/** Counts on from the last answer: places are asked for in order. */
function createLineCounter(sql: string): { lineOf(at: number): number } {
  const breaks = /\r\n|\r|\n/g
  let line = 1
  let next = breaks.exec(sql)
  return {
    lineOf(at) {
      while (next && next.index < at) {
        line += 1
        next = breaks.exec(sql)
      }
      return line
    },
  }
}
