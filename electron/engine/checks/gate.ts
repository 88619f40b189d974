import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { GateAnswer, GateName } from '../../../shared/plan/verdict.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type {
  DriftSettings,
  ExecutionSettings,
  GateSettings,
  LintSettings,
  RehearsalSettings,
} from '../../settings/policy.ts'
import type { Clock } from '../ports/clock.ts'
import type { GateFacts, Isolation } from '../ports/gate-facts.ts'
import type { ReplayFacts } from '../ports/replay-facts.ts'
import type { SchemaFacts } from '../ports/schema-facts.ts'
import type { PreparedTransactions, Servers } from '../ports/servers.ts'

/** What a gate may look at. It reads; it never changes anything. */
export interface GateContext {
  readonly runId: string
  readonly topology: Topology
  readonly graph: MigrationGraph
  readonly plan: Plan
  /** What is known about this plan before it runs. */
  readonly analysis: PlanAnalysis
  readonly settings: GateSettings
  readonly execution: ExecutionSettings
  readonly rehearsal: Pick<RehearsalSettings, 'when'>
  readonly drift: Pick<DriftSettings, 'onOutlier'>
  readonly lint: Pick<LintSettings, 'failOn'>
  readonly servers: Servers
  readonly prepared: PreparedTransactions
  readonly facts: GateFacts
  readonly isolation: Isolation
  readonly schemaFacts: SchemaFacts
  readonly replayFacts: ReplayFacts
  readonly clock: Clock
}

/**
 * A check that can stop a run: a value in its own file, listed in `all-gates.ts`; its words and settings are its spec.
 *
 * It answers and does not throw; what it throws all the same is taken as `inconclusive`, which stops a run too.
 *
 * @example
 * export const replicaLag: Gate = {
 *   ...nameGate('replica_lag'),
 *   async judge(context, signal) { ... },
 * }
 */
export interface Gate {
  readonly name: GateName
  readonly title: string
  readonly why: string
  /** True when it measures an instant, so that value and evidence may differ between two identical runs. */
  readonly momentary: boolean
  judge(context: GateContext, signal: AbortSignal): Promise<GateAnswer>
}
