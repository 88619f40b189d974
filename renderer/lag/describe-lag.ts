import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'
import { assertNever } from '../../shared/text/assert-never.ts'
import { formatBytes, formatDuration } from '../../shared/text/plain-words.ts'
import type { Status } from '../status/status.ts'
import { type LagMeasure, longestPause, readSeconds } from './lag-columns.ts'

export type LagTrend = 'rising' | 'falling' | 'steady'

/** Seconds of which a summary speaks. */
const recentSeconds = 120

/** The state of a sample in a word or two. */
export function wordOfLagState(state: LagSample['state']): string {
  switch (state) {
    case 'streaming':
      return 'streaming'
    case 'idle':
      return 'idle, caught up'
    case 'not_streaming':
      return 'not streaming'
    case 'paused':
      return 'replay paused'
    case 'missing':
      return 'no answer'
    default:
      return assertNever(state)
  }
}

/** The status that a sample's state is shown with. */
export function statusOfLagState(state: LagSample['state']): Status {
  switch (state) {
    case 'streaming':
    case 'idle':
      return 'passed'
    case 'not_streaming':
      return 'failed'
    case 'paused':
      return 'warned'
    case 'missing':
      return 'errored'
    default:
      return assertNever(state)
  }
}

/** How a standby follows, in words, with the state they are shown as. */
export interface LagWords {
  readonly status: Status
  readonly word: string
  /** Bytes and seconds with their units, or that nothing is known; empty where the word says all. */
  readonly numbers: string
}

/** What one sample says beside the gate's limit; nothing known is never shown as zero. */
export function describeSample(sample: LagSample | null, maxBytes: number | null): LagWords {
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

/** A value of a sample: NULL is idle or unknown, never zero. */
export function formatLag(sample: LagSample, measure: LagMeasure): string {
  const value = sample[measure]
  if (value === null) return sample.state === 'idle' ? 'idle' : 'no data'
  if (measure === 'bytes') return formatBytes(value)
  return value < 60 ? `${value.toFixed(value < 10 ? 2 : 1)} s` : formatDuration(value * 1_000)
}

/** A standby's lag in one sentence: now, the worst of the last minutes, and how long it was not known. */
export function summarizeSeries(series: LagSeries): string {
  const { server, samples } = series
  const last = samples.at(-1)
  if (!last) return `${server} has no samples yet.`
  const recent = listRecent(samples)
  const worst = recent.reduce<number | null>(
    (most, { bytes }) => (bytes === null ? most : Math.max(most ?? 0, bytes)),
    null,
  )
  const gap = sumGaps(recent)
  const parts = [
    `${server} ${describeNow(last)}`,
    ...(worst !== null && recent.length > 1
      ? [`at most ${formatBytes(worst)} in the last ${formatSpan(recent)}`]
      : []),
    ...(gap > 0 ? [`a gap of ${formatSeconds(gap)}`] : []),
  ]
  return `${parts.join(', ')}.`
}

function describeNow(sample: LagSample): string {
  const { state, bytes } = sample
  const behind = bytes === null ? 'by an unknown distance' : `${formatBytes(bytes)} behind`
  switch (state) {
    case 'streaming':
      return bytes === null ? 'streams, its lag is unknown' : `is ${behind}`
    case 'idle':
      return 'is idle and caught up'
    case 'not_streaming':
      return bytes === null ? 'is not streaming' : `is not streaming, ${behind}`
    case 'paused':
      return bytes === null ? 'does not replay' : `does not replay, ${behind}`
    case 'missing':
      return 'could not be asked'
    default:
      return assertNever(state)
  }
}

/** Samples of the last minutes, counted from the newest. */
export function listRecent(samples: readonly LagSample[], seconds = recentSeconds): readonly LagSample[] {
  const last = samples.at(-1)
  if (!last) return []
  const from = readSeconds(last) - seconds
  let start = samples.length
  while (start > 0) {
    const before = samples[start - 1]
    if (!before || readSeconds(before) <= from) break
    start -= 1
  }
  return samples.slice(start)
}

/** Whether a standby falls behind or catches up, from its last minutes; null where too little is known. */
export function findTrend(samples: readonly LagSample[]): LagTrend | null {
  const values = listRecent(samples).flatMap(({ bytes }) => bytes ?? [])
  if (values.length < 6) return null
  const third = Math.floor(values.length / 3)
  const early = meanOf(values.slice(0, third))
  const late = meanOf(values.slice(-third))
  // What is below some pages of WAL, or moves by less than a fifth, is noise.
  const noise = Math.max(65_536, 0.2 * Math.max(early, late))
  if (Math.abs(late - early) <= noise) return 'steady'
  return late > early ? 'rising' : 'falling'
}

/** Seconds of which nothing is known: there was no answer, or no question. */
export function sumGaps(samples: readonly LagSample[]): number {
  const pause = longestPause(samples)
  let total = 0
  for (const [index, sample] of samples.entries()) {
    const next = samples[index + 1]
    const length = next ? readSeconds(next) - readSeconds(sample) : 0
    if (sample.state === 'missing') total += next ? length : 1
    else if (length > pause) total += length
  }
  return total
}

/** Where the values of one standby are unknown, or idle, as spans of seconds. */
export function listSpans(
  samples: readonly LagSample[],
  state: 'missing' | 'idle',
): readonly { readonly from: number; readonly to: number }[] {
  const pause = longestPause(samples)
  const spans: { from: number; to: number }[] = []
  for (const [index, sample] of samples.entries()) {
    const at = readSeconds(sample)
    const next = samples[index + 1]
    const end = next ? readSeconds(next) : at
    const isPause = end - at > pause
    const isCovered =
      state === 'idle' ? sample.state === 'idle' && !isPause : sample.state === 'missing' || isPause
    if (!isCovered) continue
    const before = spans.at(-1)
    if (before && before.to >= at) before.to = end
    else spans.push({ from: at, to: end })
  }
  return spans.filter(({ from, to }) => to > from)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function formatSpan(samples: readonly LagSample[]): string {
  const [first] = samples
  const last = samples.at(-1)
  const seconds = first && last ? readSeconds(last) - readSeconds(first) + 1 : 0
  if (seconds < 60) return formatSeconds(seconds)
  const minutes = Math.round(seconds / 60)
  return minutes === 1 ? 'minute' : `${minutes} minutes`
}

function formatSeconds(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1_000)
}
