import type { RunSummary, RunView } from '../../../../shared/api/run-view.ts'
import type { RunControlState } from '../../../../shared/api/session-view.ts'
import { LockstepError } from '../../../../shared/failure/failure.ts'
import type { RunState } from '../../../../shared/run/run-state.ts'
import { linkRuns } from '../../../app/history/link-runs.ts'
import { refuseEmpty } from '../../../app/plan/list-plan-possibilities.ts'
import type { FinishedRun } from '../../../app/run/finish-run.ts'
import { listRunPossibilities, notYetProposed } from '../../../app/run/list-run-possibilities.ts'
import { allGates } from '../../../engine/gates/all-gates.ts'
import type { Project } from '../../settings/load-project.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import { readGuardFacts } from './read-guard-facts.ts'

/** Starting, controlling, settling and reading runs. */
export function handleRun(context: ServiceContext): HandlersOf<'run'> {
  const { session, plans, runs, history } = context
  return {
    'run.start': async ({ planId, confirmation }) => {
      const project = await session.refresh()
      const kept = await plans.read(project, planId)
      refuseEmpty(kept.plan, 'apply')
      const runId = await runs.start(project, kept, confirmation, {
        onBegin: id => plans.recordStarted(project, planId, id),
        onEnd: finished => settlePlan(context, project, planId, finished),
      })
      return { runId }
    },
    'run.pause': async () => runs.pause(),
    'run.resume': async () => runs.resume(),
    'run.abort': async () => runs.abort(),
    'run.recover': async ({ runId }) => ({ runId: await runs.recover(await session.refresh(), runId) }),
    'run.list': () => history.list(),
    'run.read': async ({ runId }) => viewRun(context, await history.read(runId)),
    'run.follow': async ({ runId, afterSeq }, client) => {
      const all = await history.list()
      const run = all.find(one => one.runId === runId)
      if (!run)
        throw new LockstepError({ kind: 'run_unknown', runId, known: all.slice(0, 5).map(one => one.runId) })
      client.follow(runId, afterSeq)
      return {}
    },
    'run.unfollow': async ({ runId }, client) => {
      client.unfollow(runId)
      return {}
    },
    'run.compare': ({ left, right }) => history.compare(left, right),
    'run.import': async ({ name, text }) => {
      const runId = await history.importLog(name, text)
      context.announce({ type: 'runs.changed' })
      return { runId }
    },
    'run.report': async ({ runId }) => ({ text: await history.report(runId) }),
  }
}

/** A run that found another fleet than the approved one says what moved; that voids the plan. */
async function settlePlan(
  { plans, fleet }: ServiceContext,
  project: Project,
  planId: string,
  { end }: FinishedRun,
): Promise<void> {
  fleet.forget()
  if (end.failure?.kind === 'plan_void') await plans.recordMoved(project, planId, end.failure.moved)
}

async function viewRun(
  context: ServiceContext,
  { summary, state, lag }: Pick<RunView, 'summary' | 'state' | 'lag'>,
): Promise<RunView> {
  const facts = await readGuardFacts(context, { runId: summary.runId })
  const proposal = context.rollbacks.find(summary.runId)
  return {
    summary,
    state,
    control: controlOf(context, summary, state),
    lag,
    gateWords,
    rollback: proposal ?? notYetProposed,
    possible: listRunPossibilities(facts, summary.runId, proposal),
    links: await linkRuns(context.history, summary.runId, state),
  }
}

/** What this engine knows of its own run; of another process's run, what its log says. */
function controlOf({ runs }: ServiceContext, { runId }: RunSummary, state: RunState): RunControlState {
  if (runs.active?.runId === runId) return runs.active.control
  if (state.outcome !== null || state.pause === null) return 'running'
  return state.pause.before === null ? 'pausing' : 'paused'
}

const gateWords: RunView['gateWords'] = Object.fromEntries(
  allGates.map(({ name, title, why }) => [name, { title, why }]),
)
