import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { GateCheck, PlanDecision, PlanRecord } from '../../../shared/api/plan-view.ts'
import { LockstepError } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { PlanStore, StoredPlanRecord } from '../ports/plan-store.ts'
import { refuseEmpty } from './list-plan-possibilities.ts'

/** A kept plan with what was found out about it, and what became of it. */
export interface StoredPlan extends StoredPlanRecord {
  readonly plan: Plan
  /** What its gates said when they were judged last; empty where they were not. */
  readonly gates: readonly GateCheck[]
  readonly gatesCheckedAt: string | null
  readonly analysis: PlanAnalysis | null
}

/** What became of a plan; `last` is the newest one that was not started or rejected. Null when it is not kept here. */
export async function findKeptRecord(
  store: Pick<PlanStore, 'list' | 'read'>,
  given: string,
): Promise<StoredPlanRecord | null> {
  if (given !== 'last') return store.read(given)
  const records = await store.list()
  return records.find(({ record }) => record.state !== 'started' && record.state !== 'rejected') ?? null
}

/** A kept plan by its id, or the `last`. Throws `plan_unknown`. */
export async function readKeptPlan(store: PlanStore, given: string): Promise<StoredPlan> {
  const kept = await findKeptRecord(store, given)
  const plan = kept === null ? null : store.readPlan(kept.record.planId)
  if (kept === null || plan === null) throw new LockstepError({ kind: 'plan_unknown', planId: given })
  const judged = await store.readGates(plan.planId)
  const analysis = await store.readAnalysis(plan.planId)
  return {
    ...kept,
    plan,
    gates: judged?.gates ?? [],
    gatesCheckedAt: judged?.checkedAt ?? null,
    analysis,
  }
}

/** Changes what became of a plan. */
export async function updateRecord(
  store: Pick<PlanStore, 'write'>,
  { asked, record }: StoredPlanRecord,
  change: Partial<PlanRecord>,
): Promise<void> {
  await store.write({ asked, record: { ...record, ...change } })
}

/** Records a person's decision with the verdicts that were in view. Throws `not_possible` where there is nothing to approve. */
export async function decidePlan(
  store: Pick<PlanStore, 'write'>,
  kept: StoredPlan,
  decision: Pick<PlanDecision, 'decision' | 'by' | 'comment'>,
): Promise<void> {
  if (decision.decision === 'approved') refuseEmpty(kept.plan, 'approve')
  const gates = kept.gates.map(({ gate, answer }) => ({ gate, verdict: answer.verdict }))
  await updateRecord(store, kept, {
    state: decision.decision,
    decision: { ...decision, at: new Date().toISOString(), gates },
  })
}
