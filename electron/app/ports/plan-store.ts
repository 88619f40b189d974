import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { GateCheck, PlanRecord } from '../../../shared/api/plan-view.ts'
import type { Plan } from '../../../shared/plan/plan.ts'

/** What became of a plan, and what was asked for when it was made: a run asks for the same. */
export interface StoredPlanRecord {
  readonly record: PlanRecord
  readonly asked: { readonly target: readonly string[]; readonly tenants: readonly string[] }
}

export interface StoredGates {
  readonly checkedAt: string
  readonly gates: readonly GateCheck[]
}

/** The documents beside the kept plans of a project: each all of it or none. */
export interface PlanStore {
  /** Newest first. */
  list(): Promise<readonly StoredPlanRecord[]>
  read(planId: string): Promise<StoredPlanRecord | null>
  write(kept: StoredPlanRecord): Promise<void>
  /** Keeps a plan that was shown, so that an approval by its id can later say what moved. */
  savePlan(plan: Plan): Promise<void>
  readPlan(planId: string): Plan | null
  readGates(planId: string): Promise<StoredGates | null>
  writeGates(planId: string, gates: StoredGates): Promise<void>
  readAnalysis(planId: string): Promise<PlanAnalysis | null>
  writeAnalysis(analysis: PlanAnalysis): Promise<void>
}
