import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'

export type LagMeasure = 'bytes' | 'seconds'

/** A cell of the chart: a value, null for a gap, or undefined where nothing was asked at that moment. */
export type LagCell = number | null | undefined

/** What a chart draws: one column of times in seconds, and one of cells for each series. */
export interface LagColumns {
  readonly times: readonly number[]
  readonly cells: readonly (readonly LagCell[])[]
  /** How many seconds one row stands for. */
  readonly step: number
}

/** More rows than this are not told apart on any screen. */
const mostRows = 7_200
const parsed = new WeakMap<LagSample, number>()

/** Puts samples of several standbys on one axis of time. A gap stays a gap, also where it was not asked for a while. */
export function toLagColumns(
  series: readonly LagSeries[],
  measure: LagMeasure,
  secondsOf: (sample: LagSample) => number = readSeconds,
): LagColumns {
  const { first, last } = findSpan(series, secondsOf)
  if (first === null || last === null) return { times: [], cells: series.map(() => []), step: 1 }
  const step = Math.max(1, Math.ceil((last - first + 1) / mostRows))
  const rows = Math.floor((last - first) / step) + 1
  const times = Array.from({ length: rows }, (_, row) => first + row * step)
  const cells = series.map(({ samples }) => fillColumn(samples, { measure, first, step, rows, secondsOf }))
  return { times, cells, step }
}

interface Axis {
  readonly measure: LagMeasure
  readonly first: number
  readonly step: number
  readonly rows: number
  readonly secondsOf: (sample: LagSample) => number
}

function fillColumn(samples: readonly LagSample[], axis: Axis): readonly LagCell[] {
  const { measure, first, step, rows, secondsOf } = axis
  const column = new Array<LagCell>(rows).fill(undefined)
  const pause = longestPause(samples, secondsOf)
  let before: number | null = null
  for (const sample of samples) {
    const at = secondsOf(sample)
    const row = Math.floor((at - first) / step)
    const value = sample[measure]
    const held = column[row]
    // Of several samples in one row the highest is drawn: a peak must not get lost.
    column[row] = typeof held === 'number' ? (value === null ? held : Math.max(held, value)) : value
    if (before !== null && at - before > pause) {
      const between = Math.floor((before - first) / step) + 1
      if (between < row) column[between] = null
    }
    before = at
  }
  return column
}

/** From this many seconds without a sample it counts as a gap: three times what is usual. */
export function longestPause(
  samples: readonly LagSample[],
  secondsOf: (sample: LagSample) => number = readSeconds,
): number {
  const recent = samples.slice(-21).map(secondsOf)
  const steps = recent.slice(1).map((at, index) => at - (recent[index] ?? at))
  const usual = steps.toSorted((left, right) => left - right)[Math.floor((steps.length - 1) / 2)] ?? 1
  return Math.max(5, usual * 3)
}

/** The moment of a sample in whole seconds, read once. */
export function readSeconds(sample: LagSample): number {
  const known = parsed.get(sample)
  if (known !== undefined) return known
  const seconds = Math.floor(Date.parse(sample.at) / 1_000)
  parsed.set(sample, seconds)
  return seconds
}

function findSpan(series: readonly LagSeries[], secondsOf: (sample: LagSample) => number) {
  let first: number | null = null
  let last: number | null = null
  for (const { samples } of series) {
    const start = samples[0]
    const end = samples.at(-1)
    if (!start || !end) continue
    first = first === null ? secondsOf(start) : Math.min(first, secondsOf(start))
    last = last === null ? secondsOf(end) : Math.max(last, secondsOf(end))
  }
  return { first, last }
}
