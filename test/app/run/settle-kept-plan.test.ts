import { describe, expect, it } from 'vitest'
import type { StoredPlanRecord } from '../../../electron/app/ports/plan-store.ts'
import { settleKeptPlan } from '../../../electron/app/run/settle-kept-plan.ts'
import type { RunEnd } from '../../../electron/engine/context/run-end.ts'
import type { PlanRecord } from '../../../shared/api/plan-view.ts'

const planId = 'a'.repeat(64)
const approvals = [{ planId, how: 'flag', by: 'ann', at: '2026-01-01T00:00:00.000Z' }] as const
const migrated: RunEnd = { runId: 'R', outcome: 'migrated', exitCode: 0, failure: null }
const moved: RunEnd = {
  runId: 'R',
  outcome: 'approval_refused',
  exitCode: 4,
  failure: { kind: 'plan_void', approved: planId, actual: 'b'.repeat(64), moved: ['tenant ash'] },
}

/** What is on record of a plan after a run; the plan is kept in this state, or not at all. */
async function settle(state: PlanRecord['state'] | null, end: RunEnd, given: typeof approvals | readonly []) {
  let record: PlanRecord | null = state && {
    planId,
    madeAt: '2026-01-01T00:00:00.000Z',
    state,
    decision: null,
    moved: [],
    runId: null,
  }
  const store = {
    read: async (asked: string): Promise<StoredPlanRecord | null> =>
      record && asked === planId ? { record, asked: { target: [], tenants: ['ash'] } } : null,
    write: async (kept: StoredPlanRecord) => {
      record = kept.record
    },
  }
  await settleKeptPlan(store, end, { approvals: given })
  return record as PlanRecord | null
}

describe('a kept plan after a run', () => {
  it.each(['waiting', 'approved'] as const)('that was %s is started, whoever ran it', async state => {
    expect(await settle(state, migrated, approvals)).toMatchObject({ state: 'started', runId: 'R' })
  })

  it('is void where the fleet has moved away from it, and says what moved', async () => {
    expect(await settle('approved', moved, [])).toMatchObject({ state: 'void', moved: ['tenant ash'] })
  })

  it.each<[string, PlanRecord['state'] | null, RunEnd, typeof approvals | readonly []]>([
    ['the run was not approved', 'waiting', migrated, []],
    ['it waits no more', 'rejected', migrated, approvals],
    ['it is not kept here', null, migrated, approvals],
    [
      'a rollback was void',
      'approved',
      { ...moved, failure: { ...moved.failure, undoes: 'Q' } as never },
      [],
    ],
  ])('stays as it is where %s', async (_why, state, end, given) => {
    const record = await settle(state, end, given)
    expect(record?.state ?? null).toBe(state)
    expect(record?.runId ?? null).toBeNull()
  })
})
