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
import type { EnginePorts } from '../ports/engine-ports.ts'

/** A plan with all that is known about it before it runs. */
export interface AnalyzedPlan {
  readonly plan: Plan
  readonly graph: MigrationGraph
  readonly analysis: PlanAnalysis
}

/** What gates ask the outside world. */
export type GatePorts = Pick<
  EnginePorts,
  'servers' | 'prepared' | 'facts' | 'isolation' | 'parser' | 'schemaFacts' | 'replayFacts' | 'clock'
>

/** What a gate may look at. It reads; it never changes anything. */
export interface GateContext extends AnalyzedPlan, GatePorts {
  readonly runId: string
  readonly topology: Topology
  readonly settings: GateSettings
  readonly execution: ExecutionSettings
  readonly rehearsal: Pick<RehearsalSettings, 'when'>
  readonly drift: Pick<DriftSettings, 'onOutlier'>
  readonly lint: Pick<LintSettings, 'failOn'>
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
