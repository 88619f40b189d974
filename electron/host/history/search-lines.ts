import type { LogFilter, LogMatches, LogQuery } from '../../../shared/api/log-line.ts'
import { toPattern } from '../../../shared/log/match-text.ts'
import { textOf } from '../../events/to-log-line.ts'
import type { LogReader } from './log-reader.ts'
import { startPatternWorker } from './pattern-worker.ts'

/** Positions that are named; the total counts every one. */
const mostPositions = 10_000

/** Lines that are read, matched and let go at once, and their bytes. */
const linesAtOnce = 1_000
const bytesAtOnce = 1_024 * 1_024

/** How long a regular expression may match, all lines together. */
const deadlineMs = 2_000

type Match = (texts: readonly string[]) => Promise<readonly boolean[] | null>

/** Looks for a text in every line that a filter leaves. */
export async function searchLines(
  reader: LogReader,
  filter: LogFilter,
  query: LogQuery,
  limitMs = deadlineMs,
): Promise<LogMatches> {
  const pattern = toPattern(query)
  if ('problem' in pattern) return { total: 0, positions: [], problem: pattern.problem }
  // The positions of this moment: while the log grows, those near its end may move under a filter for problems.
  const filtered = reader.filter(filter)
  const lines = filtered.slice(0, filtered.length)
  const flags = pattern.flags.replace('g', '')
  if (!query.isRegex) {
    const expression = new RegExp(pattern.source, flags)
    return matchAll(reader, lines, texts => Promise.resolve(texts.map(text => expression.test(text))))
  }
  const worker = startPatternWorker({ source: pattern.source, flags }, limitMs)
  try {
    return await matchAll(reader, lines, worker.match)
  } finally {
    await worker.end()
  }
}

async function matchAll(reader: LogReader, lines: readonly number[], match: Match): Promise<LogMatches> {
  const positions: number[] = []
  let total = 0
  let from = 0
  while (from < lines.length) {
    const batch = takeBatch(lines, from, reader.index.lengthOf)
    const events = await reader.readEvents(batch)
    const matched = await match(events.map(textOf))
    if (matched === null) {
      return { total: 0, positions: [], problem: 'the pattern takes too long: make it simpler' }
    }
    for (const [index, isMatch] of matched.entries()) {
      if (!isMatch) continue
      total += 1
      if (positions.length < mostPositions) positions.push(from + index)
    }
    from += batch.length
  }
  return { total, positions, problem: null }
}

function takeBatch(
  lines: readonly number[],
  from: number,
  lengthOf: (line: number) => number,
): readonly number[] {
  let bytes = 0
  let to = from
  while (to < lines.length && to - from < linesAtOnce && bytes < bytesAtOnce) {
    bytes += lengthOf(lines[to] ?? 0)
    to += 1
  }
  return lines.slice(from, to)
}
