import type { RunEvent } from '../../../shared/run-event.ts'

/** Reads a line again that has been proven before, without its place in the chain; null when it is not the line that it was. */
export function parseProvenLine(line: string, seq: number): RunEvent | null {
  try {
    const value: unknown = JSON.parse(line)
    if (!isEvent(value, seq)) return null
    const { prev, ...event } = value
    return event
  } catch {
    return null
  }
}

/** The boundary: everything else about this line was proven when the log was indexed. */
function isEvent(value: unknown, seq: number): value is RunEvent & { readonly prev: string } {
  return typeof value === 'object' && value !== null && 'seq' in value && value.seq === seq && 'prev' in value
}
