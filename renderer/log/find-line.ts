import type { LogLine } from '../../shared/api/log-line.ts'
import type { ReadPage } from './page-cache.ts'

/** The position of a line under a filter, or of the next line that passes it; null when none does, or it cannot be read. */
export async function findPosition(read: ReadPage, line: number): Promise<number | null> {
  const start = await read(0, 1)
  if (!start.ok) return null
  const { total, all } = start.value
  if (total === all) return line <= total ? line - 1 : null
  let low = 0
  let high = total
  while (low < high) {
    const middle = (low + high) >> 1
    const reply = await read(middle, 1)
    const found = reply.ok ? reply.value.lines[0] : undefined
    if (found === undefined) return null
    if (found.line < line) low = middle + 1
    else high = middle
  }
  return low < total ? low : null
}

const windowSize = 128

/** The next error after a line, or the one before it, among problems only; null when there is none. */
export async function findFailure(
  readProblems: ReadPage,
  line: number,
  direction: 'next' | 'previous',
): Promise<LogLine | null> {
  const start = await readProblems(0, 1)
  if (!start.ok) return null
  const { total } = start.value
  const isNext = direction === 'next'
  const place = (await findPosition(readProblems, isNext ? line + 1 : line)) ?? total
  for (let from = isNext ? place : place - windowSize; isNext ? from < total : from > -windowSize; ) {
    const begin = Math.max(0, from)
    const count = Math.min(windowSize, isNext ? total - begin : from + windowSize)
    const reply = await readProblems(begin, count)
    if (!reply.ok) return null
    const errors = reply.value.lines.filter(one => one.level === 'error')
    const found = isNext ? errors[0] : errors.at(-1)
    if (found !== undefined) return found
    from += isNext ? windowSize : -windowSize
  }
  return null
}
