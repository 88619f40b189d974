import type { Failure } from '../../../shared/failure/failure.ts'
import { listRefusals } from '../../../shared/run/group-ways-back.ts'
import type { RollbackProposal } from '../../../shared/run/rollback.ts'
import { countOf } from '../../../shared/text/plain-words.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import type { Interruption } from '../context/interruption.ts'
import type { RunContext } from '../context/run-context.ts'
import { type Ending, endBefore, type RunEnd } from '../context/run-end.ts'
import { withLagSamples } from '../context/sample-lag.ts'
import { askBeforeFirst } from '../hooks/ask-groups.ts'
import { withHookedPhase } from '../hooks/with-hooked-phase.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import type { RunReader } from '../recording/recorder.ts'
import { takeSnapshots } from '../run/take-snapshots.ts'
import { type LockedRun, withRun } from '../run/with-run.ts'
import { createWriteLedger } from '../snapshots/write-ledger.ts'
import { approveRollback } from './approve-rollback.ts'
import { executeRollback } from './execute-rollback.ts'
import { judgeRollbackGates } from './judge-rollback-gates.ts'
import { type PreparedRollback, proposeRollback } from './propose-rollback.ts'

/** Which run is undone, and what was accepted before. */
export interface RollbackRequest {
  readonly config: ProjectConfig
  readonly toolVersion: string
  readonly runId: string
  /** Names or globs; empty means every tenant that the run moved and that is not back yet. */
  readonly tenants: readonly string[]
  /** Why losses are accepted; null where nobody has. */
  readonly acceptLoss: { readonly reason: string } | null
  /** Whether others' sessions may be ended where a copy takes the place of a database. */
  readonly disconnect: boolean
  /** The proposal that an approval by its id was given for, where it is kept. */
  readonly approved: RollbackProposal | null
}

/** Undoes a run in a run of its own; always ends, and always says how. */
export function runRollback(
  request: RollbackRequest,
  ports: EnginePorts,
  log: RunLogWriter,
  readers: readonly RunReader[],
  interruption: Interruption,
): Promise<RunEnd> {
  const { toolVersion, tenants, runId } = request
  // Nothing is copied before a rollback: it returns to what was kept, and keeps what it replaces.
  const config = { ...request.config, snapshots: { ...request.config.snapshots, data: 'never' as const } }
  const intent = { verb: 'rollback', target: [], tenants, undoes: runId } as const
  return withRun({ config, toolVersion, intent }, { ports, log, readers, interruption }, run =>
    tellStory(run, request, interruption),
  )
}

/** The story of a rollback: what it would do, who approves it, everybody back or nobody, and the proof. */
async function tellStory(
  { context, reading, findLostLock }: LockedRun,
  request: RollbackRequest,
  interruption: Interruption,
): Promise<Ending> {
  const { ports, signal } = context
  const prepared = await withHookedPhase(context, 'planning', () => propose(context, request))
  const { plan, proposal, run } = prepared
  if (!plan || !run || proposal.refusal !== null)
    return endBefore(refusalOf(request.runId, proposal), interruption)
  const graph = await reading
  const stopped = await withHookedPhase(context, 'safety_gate_validation', async () => {
    const failure = await judgeRollbackGates(context, plan, graph)
    const message = failure ? 'a gate does not open the way' : 'every gate opens the way'
    return { status: failure ? 'failed' : 'success', message, value: failure }
  })
  if (stopped) return endBefore(stopped, interruption)
  const { acceptLoss, approved } = request
  const refused = await withHookedPhase(context, 'approval', async () => {
    const failure = await approveRollback(context, { plan, proposal, acceptLoss, approved })
    const message = failure ? 'not approved' : `rollback ${plan.planId.slice(0, 12)} approved`
    return { status: failure ? 'failed' : 'success', message, value: failure }
  })
  if (refused) return endBefore(refused, interruption)
  const snapshots = await withHookedPhase(context, 'rollback_snapshot', async () => {
    const ledger = createWriteLedger(ports.snapshots)
    const taken = await takeSnapshots(context, plan, { rehearsal: null, ledger })
    return { status: 'success', message: `${countOf(taken.size, 'tenant')} fingerprinted`, value: taken }
  })
  if (signal.aborted)
    return endBefore({ kind: 'cancelled', reason: 'interrupted before the first tenant' }, interruption)
  const execution = { ...context, plan, rehearsal: null, snapshots, findLostLock }
  await askBeforeFirst(execution)
  return withLagSamples(context, () =>
    executeRollback(execution, { ...prepared, run, disconnect: request.disconnect, interruption }),
  )
}

async function propose(context: RunContext, request: RollbackRequest) {
  const { config, ports, topology, recorder, signal } = context
  const { runId, tenants } = request
  const onProgress = (): void => undefined
  const prepared = await proposeRollback({ config, runId, tenants, topology, onProgress }, ports, signal)
  const { proposal, plan } = prepared
  await recorder.record({ type: 'rollback.proposed', proposal })
  if (plan) await recorder.record({ type: 'plan.made', plan })
  const message = proposal.refusal ?? `${countOf(proposal.tenants.length, 'tenant')} to go back`
  const status = proposal.refusal === null ? ('success' as const) : ('failed' as const)
  return { status, message, value: prepared satisfies PreparedRollback }
}

function refusalOf(runId: string, { refusal, tenants }: RollbackProposal): Failure {
  const reasons = listRefusals(tenants)
  return {
    kind: 'rollback_refused',
    runId,
    reasons: [...reasons.slice(0, 20), refusal ?? ''].filter(Boolean),
  }
}
