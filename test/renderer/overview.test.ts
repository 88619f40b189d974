import { describe, expect, it } from 'vitest'
import { sayClasses } from '../../renderer/screens/overview/drift-of.ts'
import { hasFailure } from '../../renderer/screens/overview/open-failure.ts'
import {
  countAttention,
  isUrgent,
  sayReadiness,
  statusOfReadiness,
} from '../../renderer/screens/overview/readiness-words.ts'
import { groupRevisions } from '../../shared/analysis/group-revisions.ts'
import type { AttentionItem } from '../../shared/api/overview-view.ts'
import type { ReadinessVerdict } from '../../shared/plan/readiness.ts'
import { sampleSummary } from '../support/dashboard/sample-views.ts'

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
    { heads: ['0003'], fingerprint: 'c', tenants: ['oak'], isMain: true },
    { heads: ['0002'], fingerprint: 'a', tenants: ['ash', 'birch'], isMain: true },
    { heads: ['0002'], fingerprint: 'b', tenants: ['cedar'], isMain: false },
  ]

  it('are drift where one revision has several, and name who differs', () => {
    expect(groupRevisions(classes).map(sayClasses)).toEqual([
      '2 classes at 0002: drift, cedar differs',
      '1 class at 0003',
    ])
  })

  it('take the same heads in another order as the same revision', () => {
    const branches = [
      { heads: ['a', 'b'], fingerprint: 'x', tenants: ['ash'], isMain: true },
      { heads: ['b', 'a'], fingerprint: 'y', tenants: ['oak'], isMain: false },
    ]
    expect(groupRevisions(branches)).toHaveLength(1)
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
