import type { LagSample } from '../../../shared/api/topology-view.ts'
import { assertNever } from '../../../shared/assert-never.ts'
import { formatBytes, formatDuration } from '../../../shared/plain-words.ts'
import type { Status } from '../../status/status.ts'

/** How a standby follows, in words, with the state they are shown as. */
export interface LagWords {
  readonly status: Status
  readonly word: string
  /** Bytes and seconds with their units; empty where neither is known. */
  readonly numbers: string
}

/** What one sample says; nothing known is never shown as zero. */
export function describeLag(sample: LagSample | null, maxBytes: number | null): LagWords {
  if (sample === null) return { status: 'errored', word: 'no data', numbers: '' }
  const numbers = formatNumbers(sample)
  switch (sample.state) {
    case 'streaming':
      return { ...judgeBytes(sample.bytes, maxBytes), numbers }
    case 'idle':
      return { status: 'passed', word: 'idle, caught up', numbers: '' }
    case 'not_streaming':
      return { status: 'failed', word: 'not streaming', numbers }
    case 'paused':
      return { status: 'waiting', word: 'replay is paused', numbers }
    case 'missing':
      return { status: 'errored', word: 'no data', numbers: '' }
    default:
      return assertNever(sample.state)
  }
}

function judgeBytes(bytes: number | null, maxBytes: number | null): Pick<LagWords, 'status' | 'word'> {
  if (bytes === null) return { status: 'errored', word: 'streaming, lag unknown' }
  if (maxBytes !== null && bytes > maxBytes)
    return { status: 'warned', word: `more than ${formatBytes(maxBytes)} behind` }
  return { status: 'passed', word: 'streaming' }
}

function formatNumbers({ bytes, seconds }: LagSample): string {
  const parts = [
    ...(bytes === null ? [] : [formatBytes(bytes)]),
    ...(seconds === null ? [] : [formatDuration(seconds * 1_000)]),
  ]
  return parts.length === 0 ? '' : `${parts.join(', ')} behind`
}
