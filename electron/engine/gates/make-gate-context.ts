import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { GateContext } from '../checks/gate.ts'
import type { RunContext } from '../context/run-context.ts'

/** A plan with all that is known about it before it runs. */
export interface AnalyzedPlan {
  readonly plan: Plan
  readonly graph: MigrationGraph
  readonly analysis: PlanAnalysis
}

/** What gates may look at, of all that a run has. */
export function makeGateContext(
  { runId, config, topology, ports }: Pick<RunContext, 'runId' | 'config' | 'topology' | 'ports'>,
  { plan, graph, analysis }: AnalyzedPlan,
): GateContext {
  const { execution, rehearsal, drift, lint } = config
  const { servers, prepared, facts, isolation, schemaFacts, replayFacts, clock } = ports
  return {
    runId,
    topology,
    graph,
    plan,
    analysis,
    settings: config.gates,
    execution,
    rehearsal,
    drift,
    lint,
    servers,
    prepared,
    facts,
    isolation,
    schemaFacts,
    replayFacts,
    clock,
  }
}
