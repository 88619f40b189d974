import type { LogLine } from '../../shared/api/log-line.ts'
import { describeLine } from '../../shared/log/describe-lines.ts'
import type { LogRows } from './log-rows.ts'
import { pageSize, type ReadPage } from './page-cache.ts'
import { stripLine } from './split-line.ts'

/** More lines than this are downloaded, not copied. */
export const mostCopied = 10_000

/** The lines of rows, also of those that are out of sight; null when they cannot be read. */
export async function readRows(
  read: ReadPage,
  rows: LogRows,
  first: number,
  last: number,
): Promise<readonly LogLine[] | null> {
  const lines: LogLine[] = []
  for (let row = first; row <= last; ) {
    const known = rows.lineAt(row)
    if (known !== null) {
      lines.push(known)
      row += 1
      continue
    }
    const position = rows.positionOf(row)
    const reply = await read(position, pageSize)
    if (!reply.ok) return null
    const begin = row
    for (const [index, line] of reply.value.lines.entries()) {
      if (row > last || rows.positionOf(row) > position + index) continue
      lines.push(line)
      row += 1
    }
    if (row === begin) return lines
  }
  return lines
}

/** Lines for the clipboard. */
export function formatLines(lines: readonly LogLine[], kind: 'text' | 'json'): string {
  if (kind === 'json') return JSON.stringify(lines, null, 2)
  return lines.map(line => describeLine({ ...line, text: stripLine(line.text) })).join('\n')
}
