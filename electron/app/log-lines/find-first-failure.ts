import type { FilteredLines } from './filtered-lines.ts'
import type { LineTable } from './line-table.ts'

/**
 * The first failure of a gate, a tenant or a check among the lines that a filter leaves.
 * Where nothing of that kind failed, such as in a run that was locked out, the first error.
 */
export function findFirstFailure(
  table: LineTable,
  lines: FilteredLines,
): { readonly position: number | null; readonly line: number | null } {
  const position = find(lines, table.isFailureItself) ?? find(lines, table.isError)
  return { position, line: position === null ? null : lines.lineAt(position) + 1 }
}

function find(lines: FilteredLines, isWanted: (line: number) => boolean): number | null {
  for (let position = 0; position < lines.length; position += 1) {
    if (isWanted(lines.lineAt(position))) return position
  }
  return null
}
