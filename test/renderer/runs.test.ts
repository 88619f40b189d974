import { describe, expect, it } from 'vitest'
import { nameRow, sayComparison, sortComparison } from '../../renderer/screens/runs/comparison-words.ts'
import {
  countFilters,
  findRuns,
  matchesRunFilter,
  readFilter,
  runFilters,
  sayRuns,
} from '../../renderer/screens/runs/run-filters.ts'
import type { RunComparison, RunSummary } from '../../shared/api/run-view.ts'

const run = (runId: string, more: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  project: 'demo-shop',
  startedAt: '2026-11-22T10:00:00.000Z',
  outcome: 'migrated',
  exitCode: 0,
  alive: false,
  damage: null,
  isImported: false,
  ...more,
})
const runs = [
  run('06', { outcome: null, exitCode: null, alive: true }),
  run('05', { outcome: null, exitCode: null }),
  run('04', { outcome: 'rolled_back', exitCode: 5, isImported: true }),
  run('03', { outcome: 'stopped_by_gate', exitCode: 3, project: 'other' }),
  run('02', { damage: 'line 12: its hash does not follow' }),
  run('01'),
]

describe('the filters of the history', () => {
  it('count what is at work, what failed or was cut off, and what was rolled back', () => {
    expect(countFilters(runs)).toEqual({ all: 6, failed: 3, rolled_back: 1, running: 1, imported: 1 })
  })

  it('keep the order, newest first', () => {
    expect(findRuns(runs, 'failed', '').map(one => one.runId)).toEqual(['05', '03', '02'])
  })

  it('find every typed word in id, project, outcome or damage', () => {
    expect(findRuns(runs, 'all', 'OTHER gate').map(one => one.runId)).toEqual(['03'])
    expect(findRuns(runs, 'all', 'hash').map(one => one.runId)).toEqual(['02'])
    expect(findRuns(runs, 'all', 'cut off').map(one => one.runId)).toEqual(['05'])
    expect(findRuns(runs, 'running', 'other')).toEqual([])
  })

  it('let every run through under All, and know no other words than their own', () => {
    expect(runs.every(one => matchesRunFilter(one, 'all'))).toBe(true)
    expect(runFilters.map(filter => readFilter(filter))).toEqual([...runFilters])
    expect(readFilter('everything')).toBeNull()
    expect(readFilter(undefined)).toBeNull()
  })
})

describe('the sentence over the history', () => {
  it('says what is at work and what went wrong', () => {
    expect(sayRuns(runs)).toBe('6 runs: 1 at work, 3 failed, 1 rolled back')
    expect(sayRuns([run('01')])).toBe('1 run, none of them failed')
    expect(sayRuns([])).toBe('No run yet')
  })
})

describe('two runs side by side', () => {
  const comparison: RunComparison = {
    left: run('01'),
    right: run('04'),
    rows: [
      { topic: 'target', name: 'target', left: '0003', right: '0003', equal: true },
      { topic: 'gate', name: 'foreign_keys', left: 'passed', right: 'failed', equal: false },
      { topic: 'outcome', name: 'outcome', left: 'migrated', right: 'rolled back', equal: false },
    ],
    tenants: [
      { tenant: 'ash', left: 'committed', right: 'committed' },
      { tenant: 'oak', left: 'committed', right: 'rolled back' },
    ],
  }

  it('have their differences first, and only tenants that ended differently', () => {
    const sorted = sortComparison(comparison)
    expect(sorted.differing.map(nameRow)).toEqual(['gate foreign_keys', 'outcome'])
    expect(sorted.equal.map(nameRow)).toEqual(['target'])
    expect(sorted.tenants.map(({ tenant }) => tenant)).toEqual(['oak'])
    expect(sayComparison(sorted)).toBe('The two runs differ in 2 points; 1 tenant ended differently')
  })

  it('are said not to differ when they do not', () => {
    const equal = {
      ...comparison,
      rows: comparison.rows.slice(0, 1),
      tenants: comparison.tenants.slice(0, 1),
    }
    expect(sayComparison(sortComparison(equal))).toBe('The two runs do not differ')
  })
})
