import type { RunEvent } from '../../../shared/run/run-event.ts'

const prevStart = ',"prev":"'
const prevLength = prevStart.length + 64 + '"}'.length

/** Reads a line again that has been proven before, without its place in the chain; null when it is not the line that it was. */
export function parseProvenLine(line: string, seq: number): RunEvent | null {
  try {
    const value: unknown = JSON.parse(withoutPrev(line))
    if (!isEvent(value, seq)) return null
    if (!('prev' in value)) return value
    const { prev, ...event } = value
    return event
  } catch {
    return null
  }
}

/** Writers put it last. Not to parse it is faster than to take it out again. */
function withoutPrev(line: string): string {
  return line.startsWith(prevStart, line.length - prevLength) ? `${line.slice(0, -prevLength)}}` : line
}

/** The boundary: everything else about this line was proven when the log was indexed. */
function isEvent(value: unknown, seq: number): value is RunEvent {
  return typeof value === 'object' && value !== null && 'seq' in value && value.seq === seq
}
