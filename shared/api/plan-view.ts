import type { PlanAnalysis } from '../analysis/plan-analysis.ts'
import type { Failure } from '../failure/failure.ts'
import type { Action, ConfirmationLevel } from '../plan/confirmation-level.ts'
import type { MigrationGraph } from '../plan/migration-graph.ts'
import type { Plan } from '../plan/plan.ts'
import type { GateAnswer } from '../plan/verdict.ts'

/** A plan as the dashboard shows it, with everything an approval rests on and how old each part is. */
export interface PlanView {
  readonly plan: Plan
  readonly record: PlanRecord
  /** What was asked for when it was made: a new one can ask for the same. */
  readonly asked: { readonly target: readonly string[]; readonly tenants: readonly string[] }
  /** Null where the revisions could not be read any more. */
  readonly graph: MigrationGraph | null
  readonly gates: readonly GateCheck[]
  readonly gatesCheckedAt: string | null
  /** What differs from the fleet as it is now, in words; empty when the plan still holds, null when it was not compared since. */
  readonly moved: readonly string[] | null
  /** Lint, conflicts, classes of schemas and the rehearsal; null for a plan of an earlier version. */
  readonly analysis: PlanAnalysis | null
  readonly possible: readonly Possibility[]
}

/** Something that has its place on the screen and no engine yet. */
export interface NotYetJudged {
  readonly state: 'not_yet_judged'
  readonly reason: string
}

/** A gate judged before a run, as a basis for the decision; the run judges it again. */
export interface GateCheck {
  readonly gate: string
  readonly title: string
  /** Why it exists. */
  readonly why: string
  readonly momentary: boolean
  readonly answer: GateAnswer
  readonly durationMs: number
}

/** What became of a plan that was kept. */
export interface PlanRecord {
  readonly planId: string
  readonly madeAt: string
  readonly state: 'waiting' | 'approved' | 'rejected' | 'void' | 'started'
  readonly decision: PlanDecision | null
  /** With `void`: what moved. */
  readonly moved: readonly string[]
  /** With `started`: the run. */
  readonly runId: string | null
}

export interface PlanDecision {
  readonly decision: 'approved' | 'rejected'
  /** The account of this machine, unauthenticated. */
  readonly by: string
  readonly at: string
  readonly comment: string
  /** Verdicts that were in view. */
  readonly gates: readonly { readonly gate: string; readonly verdict: GateAnswer['verdict'] }[]
}

/** Whether something may be done now; the engine says so, and refuses otherwise. */
export interface Possibility {
  readonly action: Action
  readonly level: ConfirmationLevel
  /** Null when it may; otherwise why not, as the engine would refuse it. */
  readonly refusal: Failure | null
}
