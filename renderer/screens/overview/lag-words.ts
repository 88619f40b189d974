import type { LagSample } from '../../../shared/api/topology-view.ts'
import { formatBytes } from '../../../shared/plain-words.ts'
import { formatLag, statusOfLagState, wordOfLagState } from '../../lag/describe-lag.ts'
import type { Status } from '../../status/status.ts'

/** How a standby follows, in words, with the state they are shown as. */
export interface LagWords {
  readonly status: Status
  readonly word: string
  /** Bytes and seconds with their units, or that nothing is known; empty where the word says all. */
  readonly numbers: string
}

/** What one sample says; nothing known is never shown as zero. */
export function describeLag(sample: LagSample | null, maxBytes: number | null): LagWords {
  if (sample === null) return { status: 'errored', word: 'not asked yet', numbers: 'no data' }
  const { state, bytes } = sample
  const numbers = formatNumbers(sample)
  if (state === 'streaming' && bytes === null)
    return { status: 'errored', word: 'streaming, lag unknown', numbers }
  if (state === 'streaming' && bytes !== null && maxBytes !== null && bytes > maxBytes)
    return { status: 'warned', word: `more than ${formatBytes(maxBytes)} behind`, numbers }
  return { status: statusOfLagState(state), word: wordOfLagState(state), numbers }
}

function formatNumbers(sample: LagSample): string {
  const { state, bytes, seconds } = sample
  if (state === 'idle') return ''
  if (state === 'missing' || (bytes === null && seconds === null)) return 'no data'
  return `${formatLag(sample, 'bytes')}, ${formatLag(sample, 'seconds')} behind`
}
