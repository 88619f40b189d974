import { describe, expect, it } from 'vitest'
import { describeSample } from '../../renderer/lag/describe-lag.ts'
import { sayLagHistory, shapeLag } from '../../renderer/lag/lag-shape.ts'
import { findNewest } from '../../renderer/lag/lag-window.ts'
import type { LagSample } from '../../shared/api/topology-view.ts'
import { sampleLag } from '../support/dashboard/sample-views.ts'

const start = Date.parse('2026-11-22T10:00:00.000Z')
const sample = (second: number, more: Partial<LagSample> = {}): LagSample => ({
  server: 'standby-1',
  cluster: 'main',
  at: new Date(start + second * 1_000).toISOString(),
  bytes: 1_000_000,
  seconds: 0.2,
  state: 'streaming',
  ...more,
})
const missing = { bytes: null, seconds: null, state: 'missing' } as const
const idle = { bytes: 0, seconds: null, state: 'idle' } as const
const frame = { width: 100, height: 20, from: start, to: start + 100_000, maxBytes: null }
const seconds = (from: number, to: number, more: Partial<LagSample> = {}): readonly LagSample[] =>
  Array.from({ length: to - from }, (_, index) => sample(from + index, more))

describe('the small line of the lag', () => {
  it('is broken where nobody answered, and never drawn across the gap', () => {
    const shape = shapeLag([...seconds(0, 10), ...seconds(10, 15, missing), ...seconds(15, 20)], frame)
    expect(shape.lines).toHaveLength(2)
    expect(shape.gaps).toEqual([[9, 14]])
    expect(shape.lines[0]?.split(' ').at(-1)).toMatch(/^9,/)
    expect(shape.lines[1]).toMatch(/^15,/)
  })

  it('is broken where nobody asked for a while', () => {
    const shape = shapeLag([...seconds(0, 10), ...seconds(40, 50)], frame)
    expect(shape.gaps).toEqual([[9, 40]])
    expect(shape.lines).toHaveLength(2)
  })

  it('tells idle from unknown and from zero', () => {
    const shape = shapeLag([...seconds(0, 10), ...seconds(10, 20, idle), ...seconds(20, 30, missing)], frame)
    expect(shape.idle).toEqual([[9, 19]])
    expect(shape.gaps).toEqual([[19, 29]])
    expect(shapeLag(seconds(0, 10, { bytes: 0 }), frame)).toMatchObject({ idle: [], gaps: [] })
  })

  it('shows the limit once the lag comes near it', () => {
    expect(shapeLag(seconds(0, 10), { ...frame, maxBytes: 500_000 }).limit).toBeCloseTo(10.9, 1)
    expect(shapeLag(seconds(0, 10), { ...frame, maxBytes: 16_777_216 }).limit).toBeNull()
  })

  it('leaves out what is older than the window', () => {
    expect(shapeLag(seconds(-50, -10), frame).lines).toEqual([])
  })

  it('is said in one sentence, with its gaps', () => {
    expect(sayLagHistory([...seconds(0, 10), ...seconds(10, 15, missing), ...seconds(15, 20)], 600_000)).toBe(
      'last 10 min: between 1.0 MB and 1.0 MB behind, 1 gap without data',
    )
    expect(sayLagHistory(seconds(0, 5, missing), 600_000)).toBe('last 10 min: no data')
  })

  it('ends for every standby with the newest sample of all', () => {
    expect(findNewest(sampleLag)).toBe(start + 119_000)
    expect(findNewest([])).toBe(0)
  })
})

describe('the words for a lag', () => {
  it('tell idle, unknown, paused and too far behind apart', () => {
    const words = [
      describeSample(sample(0), 16_000_000),
      describeSample(sample(0), 500_000),
      describeSample(sample(0, idle), 500_000),
      describeSample(sample(0, missing), 500_000),
      describeSample(sample(0, { state: 'paused' }), null),
      describeSample(sample(0, { state: 'not_streaming', bytes: null, seconds: null }), null),
      describeSample(null, null),
    ]
    expect(words.map(({ word, numbers }) => `${word} | ${numbers}`)).toEqual([
      'streaming | 1.0 MB, 0.20 s behind',
      'more than 500.0 kB behind | 1.0 MB, 0.20 s behind',
      'idle, caught up | ',
      'no answer | no data',
      'replay paused | 1.0 MB, 0.20 s behind',
      'not streaming | no data',
      'not asked yet | no data',
    ])
    expect(words.filter(({ status }) => status === 'passed')).toHaveLength(2)
  })
})
