import { describe, expect, it } from 'vitest'
import { findFirstFailure } from '../../../renderer/screens/run/overview/find-first-failure.ts'
import { foldAll } from '../../../shared/run/fold-run.ts'
import type { RunState } from '../../../shared/run/run-state.ts'
import { failureSamples } from '../../shared/samples/failures.ts'
import { makeRun } from '../../support/dashboard/sample-run.ts'

const stopped = { kind: 'cancelled', reason: 'the group was stopped' } as const
const broken = failureSamples.migration_failed[0]!

/** A run of which these tenants have failed, one a second. */
function withFailures(failures: readonly RunState['tenants'][number]['failure'][]): RunState {
  const state = foldAll(makeRun(4))
  const tenants = state.tenants.map((tenant, index) => ({
    ...tenant,
    failure: failures[index] ?? null,
    finishedAt: `2026-11-22T10:00:0${index}.000Z`,
  }))
  return { ...state, tenants }
}

describe('what failed first', () => {
  it('is the tenant that stopped the others, also when one of them answered before it', () => {
    const state = withFailures([stopped, broken])
    expect(findFirstFailure(state)?.where).toContain(state.tenants[1]!.tenant)
  })

  it('is the earlier of two that failed by themselves', () => {
    const state = withFailures([null, broken, broken])
    expect(findFirstFailure(state)?.where).toContain(state.tenants[1]!.tenant)
  })

  it('is a tenant that was stopped where no other has failed', () => {
    const state = withFailures([null, null, stopped])
    expect(findFirstFailure(state)?.where).toContain(state.tenants[2]!.tenant)
  })
})
