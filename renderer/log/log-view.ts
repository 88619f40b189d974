import type { LogFilter, LogQuery } from '../../shared/api/log-line.ts'
import { logSources } from '../../shared/run/event-spec.ts'
import { type PhaseName, phaseNames } from '../../shared/run/phase.ts'

/** What of a log is looked at: all of it is in the address. */
export interface LogView {
  readonly filter: LogFilter
  /** Null when nothing is looked for. */
  readonly query: LogQuery | null
  /** True shows the lines that match and no others. */
  readonly onlyMatches: boolean
  /** The line that a link points at. */
  readonly line: number | null
}

/** Reads the part of an address that belongs to the log; what makes no sense is left out. */
export function readLogView(query: Readonly<Record<string, string>>): LogView {
  const text = query.q ?? ''
  return {
    filter: readFilter(query),
    query:
      text === ''
        ? null
        : {
            text,
            matchCase: query.case === '1',
            wholeWord: query.word === '1',
            isRegex: query.regex === '1',
          },
    onlyMatches: query.only === '1' && text !== '',
    line: readCount(query.line),
  }
}

function readFilter(query: Readonly<Record<string, string>>): LogFilter {
  const phase: PhaseName | undefined = phaseNames.find(name => name === query.phase)
  const source = logSources.find(name => name === query.source)
  const attempt = readCount(query.attempt)
  const problemsWith = query.problems === '0' ? 0 : readCount(query.problems)
  return {
    ...(query.tenant ? { tenant: query.tenant } : {}),
    ...(query.gate ? { gate: query.gate } : {}),
    ...(phase ? { phase } : {}),
    ...(source ? { source } : {}),
    ...(attempt === null ? {} : { attempt }),
    ...(problemsWith === null ? {} : { problemsWith }),
  }
}

function readCount(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}
