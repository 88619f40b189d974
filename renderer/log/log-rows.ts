import type { LogLine, LogMatches } from '../../shared/api/log-line.ts'
import type { PageCache } from './page-cache.ts'

/** The rows of a log as they are shown: every line under the filter, or only those that match a search. */
export interface LogRows {
  readonly count: number
  positionOf(row: number): number
  /** The row of a position, or the next one after it. */
  rowOf(position: number): number
  lineAt(row: number): LogLine | null
  want(first: number, last: number): void
}

/** Every line under the filter. */
export function rowsOfAll(cache: PageCache, total: number): LogRows {
  return {
    count: total,
    positionOf: row => row,
    rowOf: position => position,
    lineAt: row => cache.lineAt(row),
    want: (first, last) => cache.want([first, last]),
  }
}

/** The lines that match. */
export function rowsOfMatches(cache: PageCache, { positions }: LogMatches): LogRows {
  return {
    count: positions.length,
    positionOf: row => positions[row] ?? 0,
    rowOf: position => placeOf(positions, position),
    lineAt: row => cache.lineAt(positions[row] ?? 0),
    want: (first, last) => cache.want(positions.slice(first, last + 1)),
  }
}

/** The first place in an ascending list whose value is not before the given one. */
export function placeOf(positions: readonly number[], position: number): number {
  let low = 0
  let high = positions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((positions[middle] ?? 0) < position) low = middle + 1
    else high = middle
  }
  return low
}

/** The match after a position, or before it; the list is a ring. Null when nothing matches. */
export function nextMatch(
  positions: readonly number[],
  position: number | null,
  direction: 'next' | 'previous',
): number | null {
  if (positions.length === 0) return null
  const place = placeOf(positions, position ?? -1)
  const isOn = position !== null && positions[place] === position
  const next = direction === 'next' ? place + (isOn ? 1 : 0) : place - 1
  return positions[(next + positions.length) % positions.length] ?? null
}
