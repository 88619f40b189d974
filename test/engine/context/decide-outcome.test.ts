import { describe, expect, it } from 'vitest'
import {
  type ExecutionFacts,
  outcomeAfterExecution,
  outcomeBeforeExecution,
} from '../../../electron/engine/context/decide-outcome.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import { exitCodeOf } from '../../../shared/run/outcome.ts'

const failure: Failure = { kind: 'cancelled', reason: 'asked to stop' }

describe('the outcome of a run that began to migrate', () => {
  const facts = (changes: Partial<ExecutionFacts>) =>
    outcomeAfterExecution({
      failure: null,
      committed: 3,
      left: 0,
      unsettled: 0,
      unproven: null,
      interruptedBy: null,
      ...changes,
    })

  it('is migrated when everybody committed and nothing failed, interrupted or not', () => {
    expect(facts({})).toBe('migrated')
    expect(facts({ interruptedBy: 'SIGINT' })).toBe('migrated')
  })

  it('needs a human when somebody committed and not everything is well', () => {
    expect(facts({ failure })).toBe('needs_human')
    expect(facts({ left: 1 })).toBe('needs_human')
    expect(facts({ unsettled: 1 })).toBe('needs_human')
  })

  it('needs a human when nobody committed and somebody is not proven', () => {
    expect(facts({ failure, committed: 0, left: 3, unproven: failure })).toBe('needs_human')
    expect(facts({ failure, committed: 0, left: 3, unsettled: 1 })).toBe('needs_human')
  })

  it('is rolled back, or interrupted, when nobody committed and all are proven', () => {
    const back = { failure, committed: 0, left: 3 }
    expect(facts(back)).toBe('rolled_back')
    expect(facts({ ...back, interruptedBy: 'SIGINT' })).toBe('interrupted')
    expect(facts({ ...back, interruptedBy: 'SIGTERM' })).toBe('terminated')
  })

  it('is never migrated while somebody is left, whatever became of the failure', () => {
    expect(facts({ committed: 0, left: 3 })).toBe('rolled_back')
  })
})

describe('the outcome of a run that failed before', () => {
  it.each<[Failure, number]>([
    [{ kind: 'gates_stopped', gates: ['capacity'] }, 3],
    [{ kind: 'several_heads', heads: ['a', 'b'], mergeCommand: '' }, 3],
    [{ kind: 'approval_missing', planId: 'x' }, 4],
    [{ kind: 'plan_void', approved: 'x', actual: 'y', moved: [] }, 4],
    [{ kind: 'run_locked', cluster: 'main', holder: '' }, 7],
    [{ kind: 'run_unfinished', runId: 'x', prepared: [] }, 7],
    [{ kind: 'tenants_empty', looked: '' }, 2],
    [{ kind: 'log_unwritable', file: '', code: 'ENOSPC' }, 1],
    [{ kind: 'report_unwritable', report: 'junit', file: '', code: 'ENOSPC' }, 1],
    [{ kind: 'internal', message: '' }, 1],
  ])('after %j has its exit code', (before, exitCode) => {
    expect(exitCodeOf(outcomeBeforeExecution(before))).toBe(exitCode)
  })
})
