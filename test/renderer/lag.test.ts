import { describe, expect, it } from 'vitest'
import { appendSamples } from '../../renderer/lag/append-samples.ts'
import { findTrend, formatLag, listSpans, summarizeSeries } from '../../renderer/lag/describe-lag.ts'
import { findWorst } from '../../renderer/lag/find-worst.ts'
import { toLagColumns } from '../../renderer/lag/lag-columns.ts'
import { chooseScale } from '../../renderer/lag/lag-scale.ts'
import type { LagSample, LagSeries } from '../../shared/api/topology-view.ts'
import { startCpuClock } from '../support/measure-cpu.ts'

const start = Date.parse('2026-11-22T10:00:00.000Z')

function sampleAt(second: number, bytes: number | null, state: LagSample['state'] = 'streaming'): LagSample {
  const at = new Date(start + second * 1_000).toISOString()
  return { server: 'standby-1', cluster: 'main', at, bytes, seconds: state === 'idle' ? null : 0.1, state }
}

function seriesOf(samples: readonly LagSample[], server = 'standby-1'): LagSeries {
  return { server, cluster: 'main', samples: samples.map(one => ({ ...one, server })), maxBytes: 16_777_216 }
}

describe('the columns of a lag chart', () => {
  it('keep a gap as a gap, and never bridge it', () => {
    const { cells } = toLagColumns(
      [seriesOf([sampleAt(0, 10), sampleAt(1, null, 'missing'), sampleAt(2, 30)])],
      'bytes',
    )
    expect(cells).toEqual([[10, null, 30]])
  })

  it('show a gap also where nobody asked for a while', () => {
    const samples = [0, 1, 2, 3, 30, 31].map(second => sampleAt(second, second))
    const [column = []] = toLagColumns([seriesOf(samples)], 'bytes').cells
    expect(column[4]).toBeNull()
    expect(column[30]).toBe(30)
  })

  it('leave moments undefined that only another standby was asked at, so that its line goes on', () => {
    const { times, cells } = toLagColumns(
      [seriesOf([sampleAt(0, 1), sampleAt(2, 3)]), seriesOf([sampleAt(1, 2)], 'standby-2')],
      'bytes',
    )
    expect(times).toHaveLength(3)
    expect(cells).toEqual([
      [1, undefined, 3],
      [undefined, 2, undefined],
    ])
  })

  it('keep the peak where several samples share a row', () => {
    const long = Array.from({ length: 20_000 }, (_, second) => sampleAt(second, second === 5_001 ? 999 : 1))
    const { cells, step, times } = toLagColumns([seriesOf(long)], 'bytes')
    expect(step).toBe(3)
    expect(times.length).toBeLessThanOrEqual(7_200)
    expect(Math.max(...(cells[0] ?? []).map(cell => cell ?? 0))).toBe(999)
  })

  it('are empty without samples', () => {
    expect(toLagColumns([seriesOf([])], 'bytes')).toEqual({ times: [], cells: [[]], step: 1 })
  })
})

describe('the scale of a lag chart', () => {
  const columns = toLagColumns([seriesOf([sampleAt(0, 900_000)])], 'bytes')

  it('says a far limit at the edge instead of pressing the values flat', () => {
    expect(chooseScale(columns, 'bytes', 16_777_216).isLimitInside).toBe(false)
  })

  it('holds a limit that is near', () => {
    const scale = chooseScale(columns, 'bytes', 1_000_000)
    expect(scale.isLimitInside).toBe(true)
    expect(scale.top).toBeGreaterThan(1_000_000)
  })
})

describe('the words of lag', () => {
  it('say now, the worst of the last minutes, and how long a gap was', () => {
    const samples = Array.from({ length: 120 }, (_, second) =>
      second >= 60 && second < 75
        ? sampleAt(second, null, 'missing')
        : sampleAt(second, second === 30 ? 900_000 : 200_000),
    )
    expect(summarizeSeries(seriesOf(samples))).toBe(
      'standby-1 is 200.0 kB behind, at most 900.0 kB in the last 2 minutes, a gap of 15 s.',
    )
  })

  it('say idle where seconds are NULL, and no data where nobody answered', () => {
    expect(formatLag(sampleAt(0, 0, 'idle'), 'seconds')).toBe('idle')
    expect(formatLag(sampleAt(0, null, 'missing'), 'bytes')).toBe('no data')
    expect(formatLag({ ...sampleAt(0, 0), seconds: null }, 'seconds')).toBe('no data')
  })

  it('say what is not so: no answer, not streaming, paused, nothing yet', () => {
    expect(summarizeSeries(seriesOf([sampleAt(0, null, 'missing')]))).toContain('could not be asked')
    expect(summarizeSeries(seriesOf([sampleAt(0, 5_000, 'not_streaming')]))).toContain('is not streaming')
    expect(summarizeSeries(seriesOf([sampleAt(0, 5_000, 'paused')]))).toContain('does not replay')
    expect(summarizeSeries(seriesOf([]))).toBe('standby-1 has no samples yet.')
  })

  it('tell rising, falling and steady apart, and noise from both', () => {
    const run = (value: (second: number) => number) =>
      findTrend(Array.from({ length: 60 }, (_, second) => sampleAt(second, value(second))))
    expect(run(second => second * 100_000)).toBe('rising')
    expect(run(second => (60 - second) * 100_000)).toBe('falling')
    expect(run(second => 1_000_000 + (second % 2) * 50_000)).toBe('steady')
    expect(run(second => second * 100)).toBe('steady')
    expect(findTrend([sampleAt(0, 1)])).toBeNull()
  })

  it('join a gap to one span, with the time in which nobody asked', () => {
    const samples = [
      sampleAt(0, 1),
      sampleAt(1, null, 'missing'),
      sampleAt(2, null, 'missing'),
      sampleAt(3, 1),
    ]
    const at = start / 1_000
    expect(listSpans(samples, 'missing')).toEqual([{ from: at + 1, to: at + 3 }])
    const paused = [0, 1, 2, 40].map(second => sampleAt(second, 0, 'idle'))
    expect(listSpans(paused, 'missing')).toEqual([{ from: at + 2, to: at + 40 }])
    expect(listSpans(paused, 'idle')).toEqual([{ from: at, to: at + 2 }])
  })
})

describe('the samples of a standby', () => {
  it('grow by what is new, and forget what is over an hour old', () => {
    const full = seriesOf(Array.from({ length: 3_600 }, (_, second) => sampleAt(second, 1)))
    const [grown] = appendSamples([full], [sampleAt(3_599, 1), sampleAt(3_600, 2)])
    expect(grown?.samples).toHaveLength(3_600)
    expect(grown?.samples.at(-1)?.bytes).toBe(2)
    expect(grown?.samples[0]?.at).toBe(sampleAt(1, 1).at)
  })

  it('stay the same object where nothing is new', () => {
    const series = [seriesOf([sampleAt(0, 1)])]
    expect(appendSamples(series, [])).toBe(series)
    expect(appendSamples(series, [{ ...sampleAt(1, 1), server: 'other' }])[0]).toBe(series[0])
  })

  it('are ranked with a broken standby before a slow one', () => {
    const slow = seriesOf([sampleAt(0, 5_000_000)], 'slow')
    const broken = seriesOf([sampleAt(0, null, 'missing')], 'broken')
    expect(findWorst([slow, broken])).toBe('broken')
    expect(findWorst([])).toBeNull()
  })
})

describe('an hour of samples of 20 standbys', () => {
  it('is put on its axis well within the time of an update', () => {
    const hour = Array.from({ length: 20 }, (_, number) =>
      seriesOf(
        Array.from({ length: 3_600 }, (_, second) => sampleAt(second, second * number)),
        `standby-${number}`,
      ),
    )
    toLagColumns(hour, 'bytes')
    const spent = Array.from({ length: 5 }, () => {
      const clock = startCpuClock()
      chooseScale(toLagColumns(hour, 'bytes'), 'bytes', 16_777_216)
      return clock()
    })
    // The machine may be busy with other tests; the quickest of five is the work itself.
    expect(Math.min(...spent)).toBeLessThan(30)
  })
})
