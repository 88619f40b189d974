import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { GateName } from '../../../shared/plan/verdict.ts'
import { makeGateContext } from '../gates/make-gate-context.ts'
import { validateGates } from '../gates/validate-gates.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase } from '../phases/phase.ts'
import type { AskedRollback } from './rollback-request.ts'

/** What could keep a rollback from ending well; what a migration would break is not asked of one that is undone. */
const gates: readonly GateName[] = ['capacity', 'isolation_level', 'replica_lag', 'blocking_queries']

type PlannedRun = AskedRollback & { readonly plan: Plan; readonly graph: MigrationGraph }

/** Judges the gates that matter on the rollback. */
export const judgeRollbackGates: Phase<PlannedRun, NothingMore> = {
  name: 'safety_gate_validation',
  hooks: onceAround,
  async work(run) {
    const { plan, graph } = run
    const analysis = {
      planId: plan.planId,
      findings: [],
      classes: [],
      quarantined: [],
      rehearsal: null,
      notRehearsed: 'a downgrade is rehearsed when a rollback is proposed',
      forecast: null,
    }
    const asked = makeGateContext(run, { plan, graph, analysis })
    const failure = await validateGates(run, asked, gates, 'silently')
    if (failure) return { status: 'failed', message: 'a gate does not open the way', failure }
    return { status: 'success', message: 'every gate opens the way', found: {} }
  },
}
