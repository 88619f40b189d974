import type { GateAnswer } from '../../shared/plan/verdict.ts'
import { type RunEvent, type RunEventType, specOf } from '../../shared/run/run-event.ts'
import type { ServerObservation } from '../../shared/topology/topology.ts'
import { canonicalFailure } from './canonical-failure.ts'
import { orderBySubject } from './canonical-order.ts'
import { dropTimingOfVotes } from './drop-timing-of-votes.ts'

/** An event without what differs between two identical runs, its keys in alphabetical order. */
export interface CanonicalEvent {
  readonly type: RunEventType
  readonly [key: string]: unknown
}

/**
 * What a run did, whatever the clock, the machine and the order of arrival.
 *
 * Two runs of the same plan on the same input are equal here: volatile fields, transient events, abandoned attempts
 * and the measurements of momentary gates are left out; what ran at the same time stands in the order of the plan.
 */
export function canonicalizeRun(events: readonly RunEvent[]): readonly CanonicalEvent[] {
  const lasting = dropTimingOfVotes(events).filter(event => specOf(event).timing !== 'transient')
  return orderBySubject(lasting).map(canonicalizeEvent)
}

/** The canonical form as text: one JSON object per line. */
export function printCanonicalRun(events: readonly RunEvent[]): string {
  return canonicalizeRun(events)
    .map(event => `${JSON.stringify(event)}\n`)
    .join('')
}

const volatileKeys: ReadonlySet<string> = new Set(['v', 'runId', 'seq', 'at', 'prev', 'volatile', 'type'])

function canonicalizeEvent(event: RunEvent): CanonicalEvent {
  const kept = Object.entries(event).filter(([key]) => !volatileKeys.has(key))
  return { type: event.type, ...sortKeys({ ...Object.fromEntries(kept), ...canonicalFields(event) }) }
}

/** What takes the place of fields that are volatile in part: whichever event has them. */
function canonicalFields(event: RunEvent): Readonly<Record<string, unknown>> {
  const isSteady = 'momentary' in event && !event.momentary
  return {
    ...('observation' in event ? { observation: canonicalObservation(event.observation) } : {}),
    ...('answer' in event && !isSteady ? { answer: canonicalAnswer(event.answer) } : {}),
    ...('failure' in event ? { failure: canonicalFailure(event.failure) } : {}),
  }
}

function canonicalObservation(observation: ServerObservation): unknown {
  const { server, cluster, declaredRole, role, way = 'direct', version, replication, failure } = observation
  return {
    server,
    cluster,
    declaredRole,
    role,
    way,
    version,
    replication: replication && { receiver: replication.receiver, replayPause: replication.replayPause },
    failure: canonicalFailure(failure),
  }
}

/** The remedy goes as well: it names the sessions and numbers that were measured. */
function canonicalAnswer({ verdict, threshold }: GateAnswer): unknown {
  return { verdict, threshold }
}

function sortKeys(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sortDeep(inner)]))
}

function sortDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortDeep)
  return typeof value === 'object' && value !== null ? sortKeys({ ...value }) : value
}
