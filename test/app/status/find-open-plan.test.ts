import { describe, expect, it } from 'vitest'
import type { StoredPlanRecord } from '../../../electron/app/ports/plan-store.ts'
import { findOpenPlan } from '../../../electron/app/status/find-open-plan.ts'
import type { PlanRecord } from '../../../shared/api/plan-view.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { makePlanned } from '../../engine/sample-plans.ts'

const earlier = '2026-01-01T00:00:00.000Z'
const now = '2026-01-02T00:00:00.000Z'
const later = '2026-01-03T00:00:00.000Z'

interface Kept {
  readonly id: string
  readonly state?: PlanRecord['state']
  readonly madeAt?: string
  readonly asked?: Partial<StoredPlanRecord['asked']>
  readonly plan?: Partial<Plan>
}

/** The id of the open plan among some that are kept, newest first, where the fleet would be planned as `planned`. */
async function find(kept: readonly Kept[], planned: string | null): Promise<string | null> {
  const store = {
    list: async () =>
      kept.map(({ id, state = 'waiting', madeAt = earlier, asked = {} }) => ({
        record: { planId: id, madeAt, state, decision: null, moved: [], runId: null },
        asked: { target: [], tenants: [], ...asked },
      })),
    readPlan: (id: string) => makePlanned({ planId: id, ...kept.find(one => one.id === id)?.plan }),
    readGates: async () => null,
  }
  const plan = planned === null ? null : makePlanned({ planId: planned })
  return (await findOpenPlan(store, { plan, observedAt: now }))?.plan.planId ?? null
}

describe('the plan that somebody waits for', () => {
  it('is the newest that is neither begun nor rejected nor void, and has something to do', async () => {
    const kept: readonly Kept[] = [
      { id: 'void', state: 'void' },
      { id: 'started', state: 'started' },
      { id: 'rejected', state: 'rejected' },
      { id: 'idle', plan: { routes: [] } },
      { id: 'approved', state: 'approved' },
      { id: 'older' },
    ]
    expect(await find(kept, null)).toBe('approved')
    expect(await find([], 'x')).toBeNull()
  })

  it('is not one that the fleet has moved away from', async () => {
    expect(await find([{ id: 'old' }], 'new')).toBeNull()
    expect(await find([{ id: 'same' }], 'same')).toBe('same')
  })

  it('may be one for chosen tenants, or to a chosen target: what the whole fleet would do says nothing about it', async () => {
    expect(await find([{ id: 'few', asked: { tenants: ['ash'] } }], 'all')).toBe('few')
    expect(await find([{ id: 'far', asked: { target: ['0002'] } }], 'all')).toBe('far')
  })

  it('may be one that was made after the fleet was read', async () => {
    expect(await find([{ id: 'fresh', madeAt: later }], 'stale')).toBe('fresh')
  })
})
