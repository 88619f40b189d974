import type { LogFilter, LogLine } from '../../shared/api/log-line.ts'

/** What a filter looks at. */
export type FilteredFacts = Pick<LogLine, 'tenant' | 'phase' | 'gate' | 'source' | 'attempt'>

/** Says whether a line passes the filter; `problemsWith` looks at neighbours too and is not part of this. */
export function matchesLineFilter(line: FilteredFacts, filter: LogFilter): boolean {
  return (
    (filter.tenant === undefined || line.tenant === filter.tenant) &&
    (filter.phase === undefined || line.phase === filter.phase) &&
    (filter.gate === undefined || line.gate === filter.gate) &&
    (filter.source === undefined || line.source === filter.source) &&
    (filter.attempt === undefined || line.attempt === filter.attempt)
  )
}

/** The lines that a filter leaves, in their order. Neighbours of a problem are those that pass the rest of the filter. */
export function filterLines(lines: readonly LogLine[], filter: LogFilter): readonly LogLine[] {
  const passing = lines.filter(line => matchesLineFilter(line, filter))
  const { problemsWith } = filter
  if (problemsWith === undefined) return passing
  let since = Number.POSITIVE_INFINITY
  const after = passing.map(line => {
    since = line.level === 'info' ? since + 1 : 0
    return since
  })
  let until = Number.POSITIVE_INFINITY
  const before = passing.map((_line, index) => {
    until = passing.at(-1 - index)?.level === 'info' ? until + 1 : 0
    return until
  })
  return passing.filter(
    (_line, index) => Math.min(after[index] ?? 0, before[passing.length - 1 - index] ?? 0) <= problemsWith,
  )
}
