import type { Foresight } from '../../../shared/analysis/plan-analysis.ts'
import type { GateCheck, PlanRecord } from '../../../shared/api/plan-view.ts'
import type { Plan } from '../../../shared/plan/plan.ts'

/** What became of a plan, and what was asked for when it was made: a run asks for the same. */
export interface KeptRecord {
  readonly record: PlanRecord
  readonly asked: { readonly target: readonly string[]; readonly tenants: readonly string[] }
}

export interface KeptGates {
  readonly checkedAt: string
  readonly gates: readonly GateCheck[]
}

/** The documents beside the kept plans of a project: each all of it or none. */
export interface PlanStore {
  /** Newest first. */
  list(): Promise<readonly KeptRecord[]>
  read(planId: string): Promise<KeptRecord | null>
  write(kept: KeptRecord): Promise<void>
  /** Keeps a plan that was shown, so that an approval by its id can later say what moved. */
  keepPlan(plan: Plan): Promise<void>
  readPlan(planId: string): Plan | null
  readGates(planId: string): Promise<KeptGates | null>
  writeGates(planId: string, gates: KeptGates): Promise<void>
  readForesight(planId: string): Promise<Foresight | null>
  writeForesight(foresight: Foresight): Promise<void>
}
