import { eventVersion } from '../../../shared/run/event-spec.ts'
import { isRunEventType, type RunEvent } from '../../../shared/run/run-event.ts'

/** What the line before says that this line must be. */
export interface ExpectedLine {
  readonly runId: string
  readonly seq: number
  readonly prev: string
}

/** One line of a log, read: the event, or why it is none. */
export type ReadLine = { readonly event: RunEvent } | { readonly problem: string; readonly isNewer?: boolean }

/** Reads one line and proves that it follows the line before it. */
export function readLine(line: string, expected: ExpectedLine): ReadLine {
  const value = parseObject(line)
  if (value === null) return { problem: 'the line is not a JSON object' }
  const { prev, ...event } = value
  if (typeof event.v === 'number' && event.v > eventVersion) {
    return {
      isNewer: true,
      problem: `the log has format ${event.v}, and this Lockstep reads formats up to ${eventVersion}: update Lockstep`,
    }
  }
  if (event.v !== eventVersion) return { problem: 'the line does not name its format version' }
  if (prev !== expected.prev) {
    return { problem: 'the line does not follow the one before it: a line was changed, removed or moved' }
  }
  if (event.seq !== expected.seq) {
    return { problem: `the line has number ${String(event.seq)} where ${expected.seq} is due` }
  }
  if (event.runId !== expected.runId) return { problem: 'the line belongs to another run' }
  return isRunEvent(event) ? { event } : { problem: 'the line is not an event that this Lockstep knows' }
}

/** The boundary: the rest of an event's fields is vouched for by the chain, whose only writer is typed. */
function isRunEvent(value: object): value is RunEvent {
  return (
    'type' in value &&
    typeof value.type === 'string' &&
    isRunEventType(value.type) &&
    'at' in value &&
    typeof value.at === 'string' &&
    !Number.isNaN(Date.parse(value.at))
  )
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}
