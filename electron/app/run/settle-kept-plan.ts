import type { RunState } from '../../../shared/run/run-state.ts'
import type { RunEnd } from '../../engine/context/run-end.ts'
import { updateRecord } from '../plan/kept-plan.ts'
import type { PlanStore } from '../ports/plan-store.ts'
import { isOpen } from '../status/find-open-plan.ts'

/**
 * Puts on record what became of a kept plan that waits for its run, whoever started that: it was started, or the fleet
 * has moved away from it. A plan that is not kept here, or waits no more, stays as it is.
 */
export async function settleKeptPlan(
  plans: Pick<PlanStore, 'read' | 'write'>,
  { runId, failure }: RunEnd,
  { approvals }: Pick<RunState, 'approvals'>,
): Promise<void> {
  const isVoid = failure?.kind === 'plan_void' && failure.undoes === undefined
  const planId = isVoid ? failure.approved : approvals.at(-1)?.planId
  if (planId === undefined) return
  const kept = await plans.read(planId)
  if (kept === null || !isOpen(kept.record)) return
  await updateRecord(
    plans,
    kept,
    isVoid ? { state: 'void', moved: failure.moved } : { state: 'started', runId },
  )
}
