/** A comment that speaks to Lockstep: `lockstep: allow drop_column: nobody reads it`. */
export interface SourceDirective {
  /** Line on which the comment stands, counted from 1. */
  readonly line: number
  /** What follows `lockstep:`. */
  readonly text: string
  /** Line on which the statement that it speaks of begins; null when there is none. */
  readonly at: number | null
}

/** Where a statement stands in a text. */
interface PlacedStatement {
  readonly sql: string
  readonly line: number
}

const pattern = /--\s*lockstep\s*:\s*(allow\b[^\n\r]*)/i

/** Finds the waivers in a text of SQL: each speaks of the statement on its line, or of the next one below comments. */
export function readDirectives(
  text: string,
  statements: readonly PlacedStatement[],
): readonly SourceDirective[] {
  if (!/lockstep\s*:/i.test(text)) return []
  const lines = text.split('\n')
  const starts = statements.map(({ sql, line }) => ({ line, end: line + sql.split('\n').length - 1 }))
  return lines.flatMap((content, index) => {
    const found = pattern.exec(content)?.[1]
    if (found === undefined) return []
    const line = index + 1
    const covering = starts.findLast(start => start.line <= line && line <= start.end)
    return [{ line, text: found.trim(), at: covering?.line ?? findBelow(lines, starts, line) }]
  })
}

function findBelow(
  lines: readonly string[],
  starts: readonly { readonly line: number }[],
  line: number,
): number | null {
  const next = starts.find(start => start.line > line)
  if (!next) return null
  const between = lines.slice(line, next.line - 1)
  return between.every(content => content.trim().startsWith('--')) ? next.line : null
}
