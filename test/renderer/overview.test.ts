import { describe, expect, it } from 'vitest'
import { groupClasses, sayClasses } from '../../renderer/screens/overview/drift-of.ts'
import { sayLagHistory, shapeLag } from '../../renderer/screens/overview/lag-shape.ts'
import { findNewest } from '../../renderer/screens/overview/lag-window.ts'
import { describeLag } from '../../renderer/screens/overview/lag-words.ts'
import { hasFailure } from '../../renderer/screens/overview/open-failure.ts'
import {
  countAttention,
  isUrgent,
  sayReadiness,
  statusOfReadiness,
} from '../../renderer/screens/overview/readiness-words.ts'
import type { AttentionItem } from '../../shared/api/overview-view.ts'
import type { LagSample } from '../../shared/api/topology-view.ts'
import type { ReadinessVerdict } from '../../shared/readiness.ts'
import { sampleLag, sampleSummary } from '../support/dashboard/sample-views.ts'

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

describe('the verdict of the overview', () => {
  it('is said in one sentence with its reason', () => {
    expect(
      sayReadiness({ verdict: 'blocked', reason: 'cedar has 2 orphan rows.', action: { kind: 'none' } }),
    ).toBe('Blocked: cedar has 2 orphan rows.')
  })

  it('looks like a pass only where nothing is in the way', () => {
    const verdicts: readonly ReadinessVerdict[] = [
      'no_project',
      'ready',
      'up_to_date',
      'blocked',
      'waiting_for_approval',
      'running',
      'needs_human',
    ]
    expect(verdicts.filter(verdict => statusOfReadiness(verdict) === 'passed')).toEqual([
      'ready',
      'up_to_date',
    ])
    expect(verdicts.filter(isUrgent)).toEqual(['blocked', 'needs_human'])
  })
})

describe('what needs somebody', () => {
  const item = (kind: AttentionItem['kind']): AttentionItem => ({ kind, text: '', action: { kind: 'none' } })

  it('is counted by kind, in the order in which it comes', () => {
    expect(countAttention([item('failed'), item('needs_human'), item('note'), item('note')])).toBe(
      '1 failed, 1 needs a human, 2 notes',
    )
    expect(countAttention([])).toBe('')
  })
})

describe('the classes of a fleet', () => {
  const classes = [
    { heads: ['0003'], fingerprint: 'c', tenants: ['oak'] },
    { heads: ['0002'], fingerprint: 'a', tenants: ['ash', 'birch'] },
    { heads: ['0002'], fingerprint: 'b', tenants: ['cedar'] },
  ]

  it('are drift where one revision has several, and name who differs', () => {
    expect(groupClasses(classes).map(sayClasses)).toEqual([
      '2 classes at 0002: drift, cedar differs',
      '1 class at 0003',
    ])
  })

  it('take the same heads in another order as the same revision', () => {
    const branches = [
      { heads: ['a', 'b'], fingerprint: 'x', tenants: ['ash'] },
      { heads: ['b', 'a'], fingerprint: 'x', tenants: ['oak'] },
    ]
    expect(groupClasses(branches)).toHaveLength(1)
  })
})

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
      describeLag(sample(0), 16_000_000),
      describeLag(sample(0), 500_000),
      describeLag(sample(0, idle), 500_000),
      describeLag(sample(0, missing), 500_000),
      describeLag(sample(0, { state: 'paused' }), null),
      describeLag(sample(0, { state: 'not_streaming', bytes: null, seconds: null }), null),
      describeLag(null, null),
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

describe('a run of the last ones', () => {
  it('has a failure to open when it failed, was rolled back, or left a doubt', () => {
    expect(hasFailure(sampleSummary('0.1.0-migrated'))).toBe(false)
    expect(hasFailure(sampleSummary('0.1.0-duplicate-rows'))).toBe(true)
    expect(hasFailure(sampleSummary('made-stopped-by-gate'))).toBe(true)
    expect(hasFailure({ ...sampleSummary('made-stopped-by-gate'), damage: 'line 3: no JSON' })).toBe(false)
  })
})
