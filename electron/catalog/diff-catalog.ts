import type { ObjectDifference } from '../../shared/analysis/schema-class.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { diffObjects } from './diff-objects.ts'
import type { PrintedItem } from './printed-item.ts'

const mostLines = 20

/** What differs between two schemas, one line an object: `+ index public.x`, `- column ...`, `~ constraint ...`. */
export function diffCatalog(
  before: readonly PrintedItem[],
  after: readonly PrintedItem[],
): readonly string[] {
  const lines = diffObjects(before, after).map(
    ({ change, kind, object }) => `${signOf(change)} ${kind} ${object}`,
  )
  if (lines.length <= mostLines) return lines
  return [...lines.slice(0, mostLines), `... and ${lines.length - mostLines} more`]
}

/** The sign that a difference has in a list. */
export function signOf(change: ObjectDifference['change']): '+' | '-' | '~' {
  switch (change) {
    case 'added':
      return '+'
    case 'missing':
      return '-'
    case 'changed':
      return '~'
    default:
      return assertNever(change)
  }
}
