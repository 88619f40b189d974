import type { Confirmation } from '../../../shared/plan/confirmation-level.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'

/** What was answered when a plan was shown. */
export type ApprovalAnswer =
  /** `flag`: whatever the plan is. `prompt`: a person saw this plan. */
  | {
      readonly answer: 'approved'
      readonly how: 'flag' | 'prompt' | 'api'
      readonly by: string
      /** What was typed where it changes production; null where nothing was. */
      readonly confirmation: Confirmation | null
    }
  /** An approval given earlier, for the plan with this id; `plan` when it was kept and can be compared. */
  | {
      readonly answer: 'approved_plan'
      readonly planId: string
      readonly plan: Plan | null
      readonly by: string
      readonly confirmation: Confirmation | null
    }
  | { readonly answer: 'refused'; readonly by: string }
  | { readonly answer: 'nobody_there' }

/** Asks a person who may approve; the engine decides whether the answer fits the plan. A rollback is a plan with what it costs. */
export interface Approvals {
  ask(plan: Plan, signal: AbortSignal, rollback?: RollbackProposal): Promise<ApprovalAnswer>
}
