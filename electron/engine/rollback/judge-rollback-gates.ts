import type { Failure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { GateName } from '../../../shared/plan/verdict.ts'
import type { RunContext } from '../context/run-context.ts'
import { makeGateContext } from '../gates/make-gate-context.ts'
import { validateGates } from '../gates/validate-gates.ts'

/** What could keep a way back from ending well; what a migration would break is not asked of one that is undone. */
const gates: readonly GateName[] = ['capacity', 'isolation_level', 'replica_lag', 'blocking_queries']

/** Judges the gates that matter on the way back. */
export function judgeRollbackGates(
  context: RunContext,
  plan: Plan,
  graph: MigrationGraph,
): Promise<Failure | null> {
  const foresight = {
    planId: plan.planId,
    findings: [],
    classes: [],
    quarantined: [],
    rehearsal: null,
    notRehearsed: 'a way back is rehearsed when it is proposed',
    forecast: null,
  }
  return validateGates(context, makeGateContext(context, { plan, graph, foresight }), gates, 'silently')
}
