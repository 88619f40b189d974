import type { GateCheck, PlanRecord } from '../../../shared/api/plan-view.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { PlanStore, StoredPlanRecord } from '../ports/plan-store.ts'
import type { FleetReading } from './read-fleet.ts'

/** A kept plan that waits for a decision or for its run. */
export interface OpenPlan {
  readonly plan: Plan
  readonly record: PlanRecord
  /** What its gates said when they were judged last; empty where they were not. */
  readonly gates: readonly GateCheck[]
}

/** The newest kept plan that waits for a decision or for its run, has something to do, and is not overtaken by what the fleet is now. */
export async function findOpenPlan(
  store: Pick<PlanStore, 'list' | 'readPlan' | 'readGates'>,
  reading: Pick<FleetReading, 'plan' | 'observedAt'>,
): Promise<OpenPlan | null> {
  for (const kept of await store.list()) {
    const { record } = kept
    if (!isOpen(record) || isOvertaken(kept, reading)) continue
    const plan = store.readPlan(record.planId)
    if (!plan || plan.routes.length === 0) continue
    return { plan, record, gates: (await store.readGates(record.planId))?.gates ?? [] }
  }
  return null
}

/** Whether a plan waits for a decision or for its run. */
export function isOpen({ state }: PlanRecord): boolean {
  return state === 'waiting' || state === 'approved'
}

/**
 * Whether the same question is answered by another plan since: this one is not needed any more.
 *
 * A plan for chosen tenants, or to a chosen target, answers another question than the reading of a fleet does.
 */
function isOvertaken(
  { record, asked }: StoredPlanRecord,
  { plan: now, observedAt }: Pick<FleetReading, 'plan' | 'observedAt'>,
): boolean {
  if (now === null || now.planId === record.planId) return false
  return asked.target.length === 0 && asked.tenants.length === 0 && record.madeAt < observedAt
}
