import { describe, expect, it } from 'vitest'
import {
  familyOf,
  type Status,
  statusOfOutcome,
  statusOfPhase,
  statusOfTenant,
  statusOfVerdict,
} from '../../../renderer/status/status.ts'
import { wordOfOutcome, wordOfStatus } from '../../../renderer/status/words.ts'
import { allowsRun, type Verdict } from '../../../shared/plan/verdict.ts'
import { exitCodeOf, type Outcome } from '../../../shared/run/outcome.ts'
import type { TenantStatus } from '../../../shared/run/run-state.ts'

const outcomes: readonly Outcome[] = [
  'migrated',
  'nothing_to_do',
  'tool_failed',
  'config_invalid',
  'stopped_by_gate',
  'approval_refused',
  'rolled_back',
  'needs_human',
  'locked',
  'interrupted',
  'terminated',
  'hung_up',
]
const verdicts: readonly Verdict[] = [
  'failed',
  'inconclusive',
  'passed',
  'warned',
  'not_applicable',
  'waived',
]

describe('the state of a gate', () => {
  it('is shown as failing exactly when it does not open the way', () => {
    for (const verdict of verdicts)
      expect(familyOf(statusOfVerdict(verdict)) === 'fail').toBe(!allowsRun(verdict))
  })

  it('never looks like a pass when it could not be judged', () => {
    expect(statusOfVerdict('inconclusive')).toBe('errored')
    expect(statusOfVerdict(null)).toBe('running')
  })
})

describe('the state of a run', () => {
  it('looks like a pass only where every tenant is where it should be', () => {
    expect(outcomes.filter(outcome => familyOf(statusOfOutcome(outcome, false)) === 'pass')).toEqual([
      'migrated',
    ])
  })

  it('looks like a failure only with an exit code that says so', () => {
    for (const outcome of outcomes)
      if (familyOf(statusOfOutcome(outcome, false)) === 'fail') expect(exitCodeOf(outcome)).toBeGreaterThan(0)
  })

  it('tells one that is at work from one that was cut off', () => {
    expect([statusOfOutcome(null, true), wordOfOutcome(null, true)]).toEqual(['running', 'running'])
    expect([statusOfOutcome(null, false), wordOfOutcome(null, false)]).toEqual(['errored', 'cut off'])
  })

  it('is said in words without underscores', () => {
    expect(outcomes.map(outcome => wordOfOutcome(outcome, false)).join(' ')).not.toContain('_')
    expect(wordOfOutcome('needs_human', false)).toBe('needs a human')
  })

  it('of a run that undoes another is never said as if it had migrated, or had been rolled back itself', () => {
    const undoes = '01K2ZQ6J8S3W5T7V9X1Z3B5D7F'
    expect(wordOfOutcome('migrated', false, undoes)).toBe('rolled back')
    expect(wordOfOutcome('rolled_back', false, undoes)).toBe('was not rolled back')
    expect(wordOfOutcome('needs_human', false, undoes)).toBe('needs a human')
    expect(wordOfOutcome(null, true, undoes)).toBe('running')
    expect(wordOfOutcome('migrated', false, null)).toBe('migrated')
  })
})

describe('the state of a tenant', () => {
  const statuses: readonly TenantStatus[] = [
    'waiting',
    'running',
    'prepared',
    'committed',
    'rolled_back',
    'failed',
    'unsettled',
    'up_to_date',
  ]

  it('has a word of its own for each status', () => {
    const words = statuses.map(wordOfStatus)
    expect(new Set(words).size).toBe(statuses.length)
    expect(words.join(' ')).not.toContain('_')
  })

  it('looks like a pass only when it is committed', () => {
    expect(statuses.filter(status => statusOfTenant(status) === 'passed')).toEqual(['committed'])
  })

  it('is waiting, not done, once it has voted', () => {
    expect(statusOfTenant('prepared')).toBe('waiting')
    expect(wordOfStatus('prepared')).toBe('voted yes')
  })
})

describe('the state of a phase', () => {
  it('is a doubt when it was interrupted', () => {
    expect(statusOfPhase('interrupted')).toBe('errored')
    expect(statusOfPhase('success')).toBe('passed')
    expect(statusOfPhase('skipped')).toBe('skipped')
  })
})

describe('the eleven states', () => {
  it('share five colours, so that colour is never their only sign', () => {
    const states: readonly Status[] = [
      'passed',
      'failed',
      'errored',
      'warned',
      'waiting',
      'running',
      'pending',
      'skipped',
      'cancelled',
      'waived',
      'rolled_back',
    ]
    expect([...new Set(states.map(familyOf))].sort()).toEqual(['active', 'attn', 'fail', 'neutral', 'pass'])
  })
})
