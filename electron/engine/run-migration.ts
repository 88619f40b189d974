import type { ProjectConfig } from '../../shared/config/project-config.ts'
import { type Failure, toFailure } from '../../shared/failure.ts'
import type { Foresight } from '../../shared/foresight/foresight.ts'
import type { MigrationGraph } from '../../shared/migration-graph.ts'
import { exitCodeOf, type Outcome } from '../../shared/outcome.ts'
import { countOf } from '../../shared/plain-words.ts'
import type { Plan } from '../../shared/plan.ts'
import type { InterruptionSignal } from '../../shared/run-event.ts'
import type { GateName } from '../../shared/verdict.ts'
import { outcomeAfterExecution, outcomeBeforeExecution } from './decide-outcome.ts'
import { discoverAndTell } from './discover-and-tell.ts'
import type { EnginePorts } from './engine-ports.ts'
import { executeGroups } from './execute-groups.ts'
import { foresee } from './foresee.ts'
import { answerForGraphFailure, isGraphFailure } from './gates/revision-graph.ts'
import { askAfterRollback, askBeforeFirst } from './hooks/ask-groups.ts'
import { createPhaseHooks, type PhaseHooks } from './hooks/phase-hooks.ts'
import { withHookedPhase } from './hooks/with-hooked-phase.ts'
import { makePlan } from './make-plan.ts'
import { obtainApproval } from './obtain-approval.ts'
import { describeForesight, describeSource } from './planning-facts.ts'
import type { RunLogWriter } from './ports/run-log.ts'
import { proveRollback } from './prove-rollback.ts'
import { Recorder, type RunReader } from './recorder.ts'
import { refuseUnfinished } from './refuse-unfinished.ts'
import type { ExecutionContext, RunContext } from './run-context.ts'
import { neverPaused, type RunControl } from './run-control.ts'
import { withLagSamples } from './sample-lag.ts'
import { chooseCopies } from './snapshots/choose-copies.ts'
import { noteWrites } from './snapshots/note-writes.ts'
import { createWriteLedger } from './snapshots/write-ledger.ts'
import { takeSnapshots } from './take-snapshots.ts'
import { validateGates } from './validate-gates.ts'
import { withPhase } from './with-phase.ts'
import { withRunLocks } from './with-run-locks.ts'

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

/** How a run ended. */
export interface RunEnd {
  readonly runId: string
  readonly outcome: Outcome
  readonly exitCode: number
  readonly failure: Failure | null
}

/** Which signal interrupted, when one did; set by whoever aborts. */
export interface Interruption {
  readonly signal: AbortSignal
  readonly name: () => InterruptionSignal | null
  /** How a person holds the run; absent where nobody can. */
  readonly control?: RunControl
}

type Ending = Pick<RunEnd, 'outcome' | 'failure'>

/** Runs a migration from discovery to its end; always ends, and always says how. */
export async function runMigration(
  request: RunRequest,
  ports: EnginePorts,
  log: RunLogWriter,
  readers: readonly RunReader[],
  interruption: Interruption,
): Promise<RunEnd> {
  const hooks = createPhaseHooks(request.config, request.tenants)
  const recorder = new Recorder(log, [...readers, hooks.hear])
  const startedAt = ports.clock.monotonicMs()
  let ending: Ending
  try {
    await recorder.recordDurably({
      type: 'run.started',
      project: request.config.project,
      toolVersion: request.toolVersion,
      intent: { verb: 'run', target: request.target, tenants: request.tenants },
      volatile: {},
    })
    ending = await tellStory(request, ports, { recorder, hooks }, interruption)
  } catch (error) {
    ending = endBefore(toFailure(error), interruption)
  }
  const exitCode = exitCodeOf(ending.outcome)
  const durationMs = Math.round(ports.clock.monotonicMs() - startedAt)
  try {
    await recorder.recordDurably({ type: 'run.finished', ...ending, exitCode, volatile: { durationMs } })
  } catch (error) {
    // The end could not be written: what happened is told all the same, and `recover` can close the log.
    return {
      runId: log.runId,
      exitCode,
      outcome: ending.outcome,
      failure: ending.failure ?? toFailure(error),
    }
  }
  return { runId: log.runId, exitCode, ...ending }
}

/** The story of a run, on one screen: each line is a phase, and each way out has an outcome. */
async function tellStory(
  request: RunRequest,
  ports: EnginePorts,
  { recorder, hooks }: { readonly recorder: Recorder; readonly hooks: PhaseHooks },
  interruption: Interruption,
): Promise<Ending> {
  const { config } = request
  const { signal } = interruption
  const shared = { runId: recorder.runId, config, ports, clock: ports.clock, recorder, hooks, signal }
  // Starting an interpreter takes longer than asking the servers: what it says is told while planning.
  const reading = ports.source.describe(signal)
  reading.catch(() => undefined)
  const topology = await withHookedPhase(shared, 'topology_discovery', () =>
    discoverAndTell(request.config, ports, recorder, signal),
  )
  const context: RunContext = { ...shared, topology, control: interruption.control ?? neverPaused }
  return withRunLocks(
    context,
    config.execution.lockWaitSeconds,
    async findLostLock => {
      await refuseUnfinished(context)
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
      const writes = createWriteLedger(context.ports.snapshots)
      const snapshots = await withHookedPhase(context, 'rollback_snapshot', async () => {
        const taken = await takeSnapshots(context, plan, { rehearsal: foresight.rehearsal, ledger: writes })
        const copied = chooseCopies(plan, foresight.rehearsal, config.snapshots).size
        const copies = copied === 0 ? '' : `, ${copied} copied`
        return {
          status: 'success',
          message: `${countOf(taken.size, 'tenant')} fingerprinted${copies}`,
          value: taken,
        }
      })
      const approved = { ...context, plan, rehearsal: foresight.rehearsal, snapshots, writes, findLostLock }
      await askBeforeFirst(approved)
      if (signal.aborted)
        return endBefore({ kind: 'cancelled', reason: 'interrupted before the first tenant' }, interruption)
      return withLagSamples(context, () => migrate(approved, interruption))
    },
    signal,
  )
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
    await context.recorder.record({ type: 'plan.made', plan })
    const foresight = await foresee(
      {
        plan,
        graph,
        topology: context.topology,
        config: request.config,
        rehearse: request.config.rehearsal.when === 'always',
        onProgress: () => undefined,
      },
      context.ports,
      context.signal,
    )
    await context.recorder.record(describeForesight(foresight))
    const count = plan.groups.flatMap(group => group.tenants).filter(tenant => tenant.route !== null).length
    const message =
      count === 0
        ? 'every tenant is at the target'
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

interface Planned {
  readonly plan: Plan
  readonly graph: MigrationGraph
  readonly foresight: Foresight
}

async function judge(context: RunContext, request: RunRequest, { plan, graph, foresight }: Planned) {
  const { runId, ports, config, topology, clock } = context
  const { servers, prepared, facts, isolation, schemaFacts, replayFacts } = ports
  const { gates: settings, execution } = config
  const gateContext = {
    runId,
    topology,
    graph,
    plan,
    foresight,
    settings,
    execution,
    servers,
    prepared,
    facts,
    isolation,
    rehearsal: config.rehearsal,
    drift: config.drift,
    lint: config.lint,
    schemaFacts,
    replayFacts,
    clock,
  }
  const failure = await validateGates(context, gateContext, request.gates)
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
  const execution = await executeGroups(context)
  const { failure } = execution
  const copied = chooseCopies(context.plan, context.rehearsal, context.config.snapshots)
  await noteWrites(context, execution.committed, copied)
  const interruptedBy = interruption.name()
  if (interruptedBy) await context.recorder.tryRecord({ type: 'run.interrupted', signal: interruptedBy })
  const planned = context.plan.groups.flatMap(group => group.tenants.filter(tenant => tenant.route !== null))
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

function endBefore(failure: Failure, interruption: Interruption): Ending {
  const name = interruption.signal.aborted ? interruption.name() : null
  if (name) return { outcome: name === 'SIGTERM' ? 'terminated' : 'interrupted', failure }
  return { outcome: outcomeBeforeExecution(failure), failure }
}
