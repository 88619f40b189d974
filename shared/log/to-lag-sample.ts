import type { LagSample } from '../api/topology-view.ts'
import type { EventOf } from '../run/run-event.ts'
import { readVolatileNumber } from '../text/volatile.ts'

/** The sample that an event tells of. A standby that could not be measured is a gap, not one without lag. */
export function toLagSample(event: EventOf<'lag.sampled'>): LagSample {
  const bytes = readVolatileNumber(event.volatile, 'lagBytes')
  const seconds = readVolatileNumber(event.volatile, 'lagSeconds')
  const state = bytes === null ? 'missing' : bytes === 0 ? 'idle' : 'streaming'
  return { server: event.server, cluster: event.cluster, at: event.at, bytes, seconds, state }
}
