import type { GateAnswer } from './verdict.ts'

/** What a plan needs of the primary of one cluster at its busiest moment. */
export interface ClusterNeeds {
  readonly cluster: string
  readonly connections: number
  readonly preparedSlots: number
}

/** A gate's answer as it is shown with a plan; null while it has none. */
export interface ShownGate {
  readonly gate: string
  /** True for an answer that holds only for the moment. */
  readonly momentary: boolean
  readonly answer: GateAnswer | null
}

/** What a decision about a plan rests on beside the plan itself. */
export interface PlanOutlook {
  readonly gates: readonly ShownGate[]
  readonly needs: readonly ClusterNeeds[]
}
