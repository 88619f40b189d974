import { plainSql, type SqlState, type SqlToken, scanSqlLine, tokenizeSqlLine } from './scan-sql.ts'

/** A row on the screen: a line, or a piece of one that is too long to be drawn at once. */
export interface SqlRow {
  /** The line's number, from 1. */
  readonly line: number
  readonly isContinued: boolean
  readonly text: string
}

/** A statement that is read only as far as it is shown: ten megabytes open as quickly as ten lines. */
export interface SqlText {
  readonly rows: readonly SqlRow[]
  readonly lines: number
  tokensOf(row: number): readonly SqlToken[]
}

const longestRow = 1_000

/** Prepares a statement for showing. */
export function readSqlText(sql: string): SqlText {
  const lines = sql.split(/\r\n|\r|\n/)
  const rows = lines.flatMap((line, index) => splitLine(line, index + 1))
  /** States at the beginning of each row, as far as they are known. */
  const states: SqlState[] = [plainSql]
  const stateBefore = (row: number): SqlState => {
    for (let known = states.length - 1; known < row; known += 1) {
      const next = rows[known + 1]
      const after = scanSqlLine(rows[known]?.text ?? '', states[known] ?? plainSql, () => undefined)
      // A comment ends with its line, not with the piece of it that fits on a row.
      states.push(after.kind === 'line_comment' && next?.isContinued !== true ? plainSql : after)
    }
    return states[row] ?? plainSql
  }
  return {
    rows,
    lines: lines.length,
    tokensOf: row => tokenizeSqlLine(rows[row]?.text ?? '', stateBefore(row)),
  }
}

function splitLine(text: string, line: number): readonly SqlRow[] {
  if (text.length <= longestRow) return [{ line, isContinued: false, text }]
  const rows: SqlRow[] = []
  for (let from = 0; from < text.length; ) {
    const end = from + pieceLength(text.slice(from, from + longestRow), from + longestRow >= text.length)
    rows.push({ line, isContinued: from > 0, text: text.slice(from, end) })
    from = end
  }
  return rows
}

/** Breaks after a space where there is one, so that words stay whole. */
function pieceLength(piece: string, isLast: boolean): number {
  if (isLast) return piece.length
  const lastSpace = piece.lastIndexOf(' ')
  return lastSpace > longestRow / 2 ? lastSpace + 1 : piece.length
}
