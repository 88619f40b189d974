import type { NotYetJudged, Possibility } from '../../../../shared/api/plan-view.ts'
import type { RunSummary, RunView } from '../../../../shared/api/run-view.ts'
import type { RunControlState } from '../../../../shared/api/session-view.ts'
import { type Failure, LockstepError } from '../../../../shared/failure/failure.ts'
import type { Action } from '../../../../shared/plan/confirmation-level.ts'
import type { RollbackProposal } from '../../../../shared/run/rollback.ts'
import type { RunState } from '../../../../shared/run/run-state.ts'
import { listRollbacksOf } from '../../../app/history/find-rollbacks.ts'
import type { FinishedRun } from '../../../app/run/finish-run.ts'
import { type GuardFacts, guardRequest } from '../../../engine/approval/guard-request.ts'
import { allGates } from '../../../engine/gates/all-gates.ts'
import type { Project } from '../../settings/load-project.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import { describePossibilities } from './describe-possibilities.ts'
import { readGuardFacts } from './read-guard-facts.ts'

/** Starting, controlling, settling and reading runs. */
export function handleRun(context: ServiceContext): HandlersOf<'run'> {
  const { session, plans, runs, history } = context
  return {
    'run.start': async ({ planId, confirmation }) => {
      const project = await session.refresh()
      const kept = await plans.read(project, planId)
      if (kept.plan.routes.length === 0) throw new LockstepError(nothingToDo)
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
    rollback: proposal ?? notLookedInto,
    possible: listPossible(facts, summary.runId, proposal),
    links: await listLinks(context, summary.runId, state),
  }
}

/** What this engine knows of its own run; of another process's run, what its log says. */
function controlOf({ runs }: ServiceContext, { runId }: RunSummary, state: RunState): RunControlState {
  if (runs.active?.runId === runId) return runs.active.control
  if (state.outcome !== null || state.pause === null) return 'running'
  return state.pause.before === null ? 'pausing' : 'paused'
}

/** A rollback and what it undoes know each other by the rollback's own first words. */
async function listLinks(
  { history }: ServiceContext,
  runId: string,
  { intent }: RunState,
): Promise<RunView['links']> {
  const undoing = listRollbacksOf(await history.list(), runId)
  return [
    ...(intent?.undoes === undefined ? [] : [{ kind: 'rolls_back' as const, runId: intent.undoes }]),
    ...(await Promise.all(
      undoing.map(async run => ({
        kind: 'rolled_back_by' as const,
        runId: run.runId,
        undone: await countUndone(history, run),
      })),
    )),
  ]
}

/** A rollback of some tenants leaves the way back of the others open. */
async function countUndone(
  history: ServiceContext['history'],
  { runId, outcome }: RunSummary,
): Promise<number | null> {
  if (outcome === null) return null
  const read = await history.read(runId).catch(() => null)
  if (read === null) return null
  return read.state.tenants.filter(one => one.standing === 'committed').length
}

function listPossible(
  facts: GuardFacts,
  runId: string,
  proposal: RollbackProposal | null,
): readonly Possibility[] {
  const input = { runId, confirmation: null }
  const possibilities: readonly (readonly [Action, Failure | null])[] = [
    ['pause', guardRequest('run.pause', input, facts)],
    ['resume', guardRequest('run.resume', input, facts)],
    ['abort', guardRequest('run.abort', input, facts)],
    ['recover', guardRequest('run.recover', input, facts)],
    ['roll_back', judgeRollBack(facts, runId, proposal)],
  ]
  return describePossibilities(facts, possibilities)
}

/** What cannot be rolled back is refused before a person is asked; until it was worked out, it is not known. */
function judgeRollBack(facts: GuardFacts, runId: string, proposal: RollbackProposal | null): Failure | null {
  const rollbackId = proposal?.rollbackId ?? ''
  const input = { runId, rollbackId, confirmation: null, acceptLoss: null, disconnect: false }
  const refusal = guardRequest('rollback.start', input, facts)
  if (refusal && refusal.kind !== 'confirmation_missing') return refusal
  const reason = proposal === null ? notLookedInto.reason : proposal.refusal
  return reason === null ? refusal : { kind: 'not_possible', action: 'roll back', reason }
}

const gateWords: RunView['gateWords'] = Object.fromEntries(
  allGates.map(({ name, title, why }) => [name, { title, why }]),
)

const nothingToDo = {
  kind: 'not_possible',
  action: 'apply',
  reason: 'Every tenant is at the target: there is nothing to do.',
} as const

const notLookedInto: NotYetJudged = {
  state: 'not_yet_judged',
  reason: 'How each tenant would be rolled back, and what that would lose, has not been worked out yet.',
}
