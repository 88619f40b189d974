import { LockstepError, toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listClosed, listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { GateName } from '../../../shared/plan/verdict.ts'
import { countOf, describeEverybody } from '../../../shared/text/plain-words.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { foresee } from '../analysis/foresee.ts'
import { obtainApproval } from '../approval/obtain-approval.ts'
import { outcomeAfterExecution } from '../context/decide-outcome.ts'
import type { Interruption } from '../context/interruption.ts'
import { noteInterruption } from '../context/note-interruption.ts'
import type { ExecutionContext, RunContext } from '../context/run-context.ts'
import { type Ending, endBefore, type RunEnd } from '../context/run-end.ts'
import { withLagSamples } from '../context/sample-lag.ts'
import { withPhase } from '../context/with-phase.ts'
import { executeGroups } from '../execution/execute-groups.ts'
import { type ForeseenPlan, makeGateContext } from '../gates/make-gate-context.ts'
import { answerForGraphFailure, isGraphFailure } from '../gates/plan/revision-graph.ts'
import { validateGates } from '../gates/validate-gates.ts'
import { askAfterRollback, askBeforeFirst } from '../hooks/ask-groups.ts'
import { withHookedPhase } from '../hooks/with-hooked-phase.ts'
import { makePlan } from '../planning/make-plan.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import type { RunLogWriter } from '../ports/run-log.ts'
import type { RunReader } from '../recording/recorder.ts'
import { chooseCopies } from '../snapshots/choose-copies.ts'
import { createWriteLedger } from '../snapshots/write-ledger.ts'
import { withoutCluster } from '../topology/unreadable-tenants.ts'
import { proveRollback } from '../verification/prove-rollback.ts'
import { noteWrites } from './note-writes.ts'
import { describeForesight, describeSource } from './planning-facts.ts'
import { takeSnapshots } from './take-snapshots.ts'
import { type LockedRun, withRun } from './with-run.ts'

/** What a run is asked to do. */
export interface RunRequest {
  readonly config: ProjectConfig
  readonly toolVersion: string
  /** Heads or revisions; empty means the configured target, or every head. */
  readonly target: readonly string[]
  /** Names or globs of tenants; empty means all. */
  readonly tenants: readonly string[]
  /** Null means every gate. */
  readonly gates: readonly GateName[] | null
}

/** Runs a migration from discovery to its end; always ends, and always says how. */
export function runMigration(
  request: RunRequest,
  ports: EnginePorts,
  log: RunLogWriter,
  readers: readonly RunReader[],
  interruption: Interruption,
): Promise<RunEnd> {
  const { config, toolVersion, target, tenants } = request
  const beginning = { config, toolVersion, intent: { verb: 'run', target, tenants } } as const
  return withRun(beginning, { ports, log, readers, interruption }, run =>
    tellStory(run, request, interruption),
  )
}

/** The story of a run, on one screen: each line is a phase, and each way out has an outcome. */
async function tellStory(
  { context, reading, findLostLock }: LockedRun,
  request: RunRequest,
  interruption: Interruption,
): Promise<Ending> {
  const { config, ports, signal } = context
  const { plan, graph, foresight } = await withHookedPhase(context, 'planning', () =>
    planRun(context, request, reading),
  )
  if (plan.routes.length === 0) return { outcome: 'nothing_to_do', failure: null }
  const stopped = await withHookedPhase(context, 'safety_gate_validation', () =>
    judge(context, request, { plan, graph, foresight }),
  )
  if (stopped) return endBefore(stopped, interruption)
  const refused = await withHookedPhase(context, 'approval', () => approve(context, plan))
  if (refused) return endBefore(refused, interruption)
  const { rehearsal } = foresight
  const writes = createWriteLedger(ports.snapshots)
  const snapshots = await withHookedPhase(context, 'rollback_snapshot', async () => {
    const taken = await takeSnapshots(context, plan, { rehearsal, ledger: writes })
    const copied = chooseCopies(plan, rehearsal, config.snapshots).size
    const copies = copied === 0 ? '' : `, ${copied} copied`
    return {
      status: 'success',
      message: `${countOf(taken.size, 'tenant')} fingerprinted${copies}`,
      value: taken,
    }
  })
  const approved = { ...context, plan, rehearsal, snapshots, writes, findLostLock }
  await askBeforeFirst(approved)
  if (signal.aborted)
    return endBefore({ kind: 'cancelled', reason: 'interrupted before the first tenant' }, interruption)
  return withLagSamples(context, () => migrate(approved, interruption))
}

async function planRun(context: RunContext, request: RunRequest, reading: Promise<MigrationGraph>) {
  try {
    const plan = await makePlan(
      { ...request, topology: context.topology, graph: reading },
      context.ports,
      context.signal,
    )
    const graph = await reading
    await context.recorder.record(describeSource(graph))
    // All of a group or none: whoever cannot be read has to be mended, or left out by name.
    if (plan.unreadable)
      throw new LockstepError({ kind: 'tenants_unreadable', tenants: plan.unreadable.map(withoutCluster) })
    await context.recorder.record({ type: 'plan.made', plan })
    const foresight = await foresee(
      {
        plan,
        graph,
        topology: context.topology,
        config: request.config,
        rehearse: request.config.rehearsal.when === 'always' ? 'unless_kept' : 'not_now',
        onProgress: () => undefined,
      },
      context.ports,
      context.signal,
    )
    await context.recorder.record(describeForesight(foresight))
    const count = listMigrating(plan).length
    const message =
      count === 0
        ? `${describeEverybody(listClosed(plan)).every} is at the target`
        : `${countOf(count, 'tenant')} in ${countOf(plan.groups.length, 'group')} to ${plan.target.join(', ')}`
    return { status: 'success' as const, message, value: { plan, graph, foresight } }
  } catch (error) {
    const failure = toFailure(error)
    const answer = isGraphFailure(failure) ? answerForGraphFailure(failure) : null
    if (answer)
      await context.recorder.record({
        type: 'gate.judged',
        gate: 'revision_graph',
        momentary: false,
        answer,
        volatile: {},
      })
    throw error
  }
}

async function judge(context: RunContext, request: RunRequest, foreseen: ForeseenPlan) {
  const failure = await validateGates(context, makeGateContext(context, foreseen), request.gates)
  const message =
    failure?.kind === 'gates_stopped' ? `stopped by ${failure.gates.join(', ')}` : 'every gate opens the way'
  return { status: failure ? ('failed' as const) : ('success' as const), message, value: failure }
}

async function approve(context: RunContext, plan: Plan) {
  const failure = await obtainApproval(context, plan)
  const message = failure ? 'not approved' : `plan ${plan.planId.slice(0, 12)} approved`
  return { status: failure ? ('failed' as const) : ('success' as const), message, value: failure }
}

/** Executes the plan, and after a failure proves that what did not commit is as it was. */
async function migrate(context: ExecutionContext, interruption: Interruption): Promise<Ending> {
  const endNoting = noteInterruption(context, interruption)
  const execution = await executeGroups(context)
  const { failure } = execution
  const copied = chooseCopies(context.plan, context.rehearsal, context.config.snapshots)
  await noteWrites(context, execution.committed, copied)
  const interruptedBy = await endNoting()
  const planned = listMigrating(context.plan)
  const left = planned.filter(one => !execution.committed.includes(one.tenant))
  const doubt =
    left.length === 0
      ? null
      : await withPhase(context, 'rollback', null, async () => {
          const problem = await proveRollback(context, left)
          const message = problem
            ? 'not every tenant is proven to be as it was'
            : `${left.length} tenants proven to be as they were`
          return { status: problem ? 'failed' : 'success', message, value: problem }
        })
  // What the team itself finds wrong after a rollback is as much of a doubt as a fingerprint that differs.
  const unproven = doubt ?? (left.length === 0 ? null : await askAfterRollback(context, failure))
  const outcome = outcomeAfterExecution({
    failure,
    committed: execution.committed.length,
    left: left.length,
    unsettled: execution.unsettled.length,
    unproven,
    interruptedBy,
  })
  return { outcome, failure: failure ?? unproven }
}
