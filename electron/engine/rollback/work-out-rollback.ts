import type { Failure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listRefusals } from '../../../shared/run/group-rollbacks.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { Phase, Step } from '../phases/phase.ts'
import type { BegunRun } from '../run/with-run.ts'
import { type PreparedRollback, proposeRollback } from './propose-rollback.ts'
import type { UndoneRun } from './read-undone-run.ts'
import type { AskedRollback } from './rollback-request.ts'

/** A rollback that is possible, and what is needed to carry it out. */
export interface PlannedRollback {
  readonly plan: Plan
  readonly prepared: PreparedRollback & { readonly run: UndoneRun }
  /** A rollback is rehearsed when it is proposed. */
  readonly rehearsal: null
}

/** Works out how each tenant would be rolled back; where one tenant cannot be, none is. */
export const workOutRollback: Phase<AskedRollback, PlannedRollback> = {
  name: 'planning',
  hooks: onceAround,
  async work({ request, config, ports, topology, recorder, signal }) {
    const { runId, tenants } = request
    const onProgress = (): void => undefined
    const prepared = await proposeRollback({ config, runId, tenants, topology, onProgress }, ports, signal)
    const { proposal, plan, run } = prepared
    await recorder.record({ type: 'rollback.proposed', proposal })
    if (plan) await recorder.record({ type: 'plan.made', plan })
    const message = proposal.refusal ?? `${countOf(proposal.tenants.length, 'tenant')} to roll back`
    if (!plan || !run || proposal.refusal !== null)
      return { status: 'failed', message, failure: refusalOf(runId, proposal) }
    return { status: 'success', message, found: { plan, prepared: { ...prepared, run }, rehearsal: null } }
  },
}

/** Waits for the migrations of the project, which were read meanwhile. */
export const readGraph: Step<BegunRun, { readonly graph: MigrationGraph }> = {
  async work({ reading }) {
    return { kind: 'found', found: { graph: await reading } }
  },
}

function refusalOf(runId: string, { refusal, tenants }: RollbackProposal): Failure {
  const reasons = listRefusals(tenants)
  return {
    kind: 'rollback_refused',
    runId,
    reasons: [...reasons.slice(0, 20), refusal ?? ''].filter(Boolean),
  }
}
