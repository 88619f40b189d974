import { assertNever } from '../../../shared/text/assert-never.ts'
import type { BlockArm } from '../ports/sql-parser.ts'

/** Says when a statement of a `do` block runs, for the end of a sentence; empty for what stands in none. */
export function describePath(path: readonly BlockArm[] | null): string {
  if (path === null) return ''
  const innermost = path.findLast(({ kind }) => kind !== 'guarded')
  return innermost ? ` (in a DO block, ${describeArm(innermost.kind)})` : ' (in a DO block)'
}

function describeArm(kind: BlockArm['kind']): string {
  switch (kind) {
    case 'branch':
      return 'if its branch is taken'
    case 'loop':
      return 'each time its loop runs'
    case 'handler':
      return 'after an error'
    case 'rest':
      return 'unless it returns before'
    case 'guarded':
      return 'until an error'
    default:
      return assertNever(kind)
  }
}
