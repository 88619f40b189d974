import { describe, expect, it } from 'vitest'
import { findRollbackOf, listRollbacksOf } from '../../../electron/app/history/find-rollbacks.ts'
import type { Outcome } from '../../../shared/run/outcome.ts'

const run = (runId: string, outcome: Outcome | null, undoes: string | null = 'A') => ({
  runId,
  outcome,
  undoes,
})

describe('the rollbacks of a run', () => {
  it('are those that undid something or may have, the newest first', () => {
    const runs = [
      run('B', 'migrated'),
      run('C', 'approval_refused'),
      run('D', 'rolled_back'),
      run('E', 'needs_human'),
      run('F', null),
      run('G', 'migrated', 'B'),
      run('H', 'migrated', null),
    ]
    expect(listRollbacksOf(runs, 'A').map(one => one.runId)).toEqual(['F', 'E', 'B'])
  })

  it('have undone it once one came to its end, and the last of these is named', () => {
    expect(findRollbackOf([run('C', 'needs_human')], 'A')).toBeNull()
    const both = [run('B', 'migrated'), run('C', 'migrated'), run('D', 'interrupted')]
    expect(findRollbackOf(both, 'A')?.runId).toBe('C')
    expect(findRollbackOf(both.toReversed(), 'A')?.runId).toBe('C')
  })
})
