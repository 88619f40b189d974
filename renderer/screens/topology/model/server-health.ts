import type { LagSample, LagSeries } from '../../../../shared/api/topology-view.ts'
import { formatBytes } from '../../../../shared/text/plain-words.ts'
import type { ServerObservation } from '../../../../shared/topology/topology.ts'
import {
  findTrend,
  formatLag,
  type LagTrend,
  statusOfLagState,
  wordOfLagState,
} from '../../../lag/describe-lag.ts'
import type { Status } from '../../../status/status.ts'

/** How a server is at this moment. */
export interface ServerHealth {
  readonly status: Status
  /** A word or two, such as "streaming". */
  readonly word: string
  /** How far it is behind, such as "1.2 MB behind"; empty for a primary. */
  readonly behind: string
  /** What stands at its line; empty where there is none. */
  readonly lag: string
  readonly trend: LagTrend | null
  readonly isBroken: boolean
}

/** How a server is, from its newest sample where there is one, otherwise as it was observed. */
export function judgeServer(server: ServerObservation, series: LagSeries | null): ServerHealth {
  const { role, declaredRole } = server
  const calm = { behind: '', lag: '', trend: null }
  if (role === 'primary') {
    const isExpected = declaredRole === 'primary'
    const word = isExpected ? 'primary' : 'primary, declared standby'
    return { ...calm, status: isExpected ? 'passed' : 'failed', word, isBroken: false }
  }
  const sample = series?.samples.at(-1) ?? observedSample(server)
  if (sample === null || (role === 'unreachable' && sample.state === 'missing')) {
    const lag = declaredRole === 'standby' ? 'not streaming' : ''
    return { ...calm, lag, status: 'failed', word: 'unreachable', isBroken: true }
  }
  const isBroken = sample.state === 'not_streaming' || sample.state === 'missing'
  return {
    status: statusOfLagState(sample.state),
    word: wordOf(sample, declaredRole),
    behind: describeBehind(sample),
    lag: isBroken ? 'not streaming' : describeLag(sample),
    trend: series ? findTrend(series.samples) : null,
    isBroken,
  }
}

function wordOf({ state }: LagSample, declaredRole: ServerObservation['declaredRole']): string {
  // That it is caught up is said beside it.
  const word = state === 'idle' ? 'streaming' : wordOfLagState(state)
  return declaredRole === 'primary' ? `standby, declared primary, ${word}` : word
}

function describeBehind(sample: LagSample): string {
  if (sample.state === 'idle') return 'caught up'
  return sample.bytes === null ? 'lag unknown' : `${formatBytes(sample.bytes)} behind`
}

function describeLag(sample: LagSample): string {
  if (sample.state === 'idle') return 'idle'
  const seconds = sample.seconds === null ? '' : `, ${formatLag(sample, 'seconds')}`
  return `${formatLag(sample, 'bytes')}${seconds}`
}

function observedSample({ server, cluster, role, replication }: ServerObservation): LagSample | null {
  if (role === 'unreachable' || replication === null) return null
  const { lagBytes: bytes, lagSeconds: seconds, receiver, replayPause } = replication
  const place = { server, cluster, at: '', bytes, seconds }
  if (replayPause !== 'not paused') return { ...place, state: 'paused' }
  if (receiver !== 'streaming') return { ...place, state: 'not_streaming' }
  return { ...place, state: bytes === 0 ? 'idle' : 'streaming' }
}
