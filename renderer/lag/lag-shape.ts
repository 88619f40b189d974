import type { LagSample } from '../../shared/api/topology-view.ts'
import { countOf, formatBytes, formatDuration } from '../../shared/text/plain-words.ts'
import { longestPause } from './lag-columns.ts'

/** What is drawn for one standby: each gap stays a gap, nothing is drawn over it. */
export interface LagShape {
  /** Points of one line each, as an SVG polyline wants them. */
  readonly lines: readonly string[]
  /** Stretches of x in which there was nothing to replay. */
  readonly idle: readonly (readonly [number, number])[]
  /** Stretches of x of which nothing is known. */
  readonly gaps: readonly (readonly [number, number])[]
  /** Height of the gate's limit; null where it lies above the drawing. */
  readonly limit: number | null
}

interface Frame {
  readonly width: number
  readonly height: number
  /** `Date.now()` at both ends. */
  readonly from: number
  readonly to: number
  readonly maxBytes: number | null
}

type Kind = 'line' | 'idle' | 'gap'

/** Less than this is no mountain, however small everything is. */
const leastTop = 64 * 1_024

/** Lays the samples of one standby out in a frame. */
export function shapeLag(samples: readonly LagSample[], frame: Frame): LagShape {
  const { width, height, from, to, maxBytes } = frame
  const top = Math.max(leastTop, ...samples.map(sample => sample.bytes ?? 0)) * 1.1
  const xOf = (at: number): number => round(((at - from) / (to - from)) * width)
  const yOf = (bytes: number): number => round(height - (bytes / top) * height)
  const stretches: { kind: Kind; points: [number, number][] }[] = []
  const shown = samples.filter(sample => Date.parse(sample.at) >= from)
  const pauseMs = longestPause(shown) * 1_000
  for (const [index, sample] of shown.entries()) {
    const before = shown[index - 1] ?? null
    const x = xOf(Date.parse(sample.at))
    const beforeX = before === null ? x : xOf(Date.parse(before.at))
    const kind = kindOf(sample)
    const isAfterPause = before !== null && isLate(before, sample, pauseMs)
    if (isAfterPause)
      stretches.push({
        kind: 'gap',
        points: [
          [beforeX, 0],
          [x, 0],
        ],
      })
    const last = stretches.at(-1)
    const point: [number, number] = [x, yOf(sample.bytes ?? 0)]
    if (last?.kind === kind && !isAfterPause) last.points.push(point)
    else if (kind === 'line' || isAfterPause) stretches.push({ kind, points: [point] })
    // A gap or an idle stretch begins where the last known point ends; a line never crosses a gap.
    else stretches.push({ kind, points: [[beforeX, 0], point] })
  }
  const widthsOf = (kind: Kind): readonly (readonly [number, number])[] =>
    stretches
      .filter(one => one.kind === kind)
      .map(one => [one.points[0]?.[0] ?? 0, one.points.at(-1)?.[0] ?? 0])
  return {
    lines: stretches
      .filter(one => one.kind === 'line')
      .map(one => one.points.map(pair => pair.join(',')).join(' ')),
    idle: widthsOf('idle'),
    gaps: widthsOf('gap'),
    limit: maxBytes === null || maxBytes > top ? null : yOf(maxBytes),
  }
}

/** The curve in one sentence, for a person who does not see it. */
export function sayLagHistory(samples: readonly LagSample[], windowMs: number): string {
  const known = samples.flatMap(sample => (kindOf(sample) === 'gap' ? [] : [sample.bytes ?? 0]))
  const when = `last ${formatDuration(windowMs).replace(/ 0 s$/, '')}`
  if (known.length === 0) return `${when}: no data`
  const range = `between ${formatBytes(Math.min(...known))} and ${formatBytes(Math.max(...known))} behind`
  const gaps = countGaps(samples)
  return `${when}: ${range}${gaps === 0 ? '' : `, ${countOf(gaps, 'gap')} without data`}`
}

function countGaps(samples: readonly LagSample[]): number {
  const pauseMs = longestPause(samples) * 1_000
  return samples.filter((sample, index) => {
    const before = samples[index - 1]
    if (before && isLate(before, sample, pauseMs)) return true
    return kindOf(sample) === 'gap' && (before === undefined || kindOf(before) !== 'gap')
  }).length
}

function kindOf({ state, bytes }: LagSample): Kind {
  if (state === 'idle') return 'idle'
  return state === 'missing' || bytes === null ? 'gap' : 'line'
}

function isLate(before: LagSample, sample: LagSample, pauseMs: number): boolean {
  return Date.parse(sample.at) - Date.parse(before.at) > pauseMs
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
