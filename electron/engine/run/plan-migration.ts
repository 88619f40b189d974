import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listClosed, listMigrating } from '../../../shared/plan/plan-selectors.ts'
import { countOf, describeEverybody } from '../../../shared/text/plain-words.ts'
import { analyzePlan } from '../analysis/analyze-plan.ts'
import type { AnalyzedPlan } from '../checks/gate.ts'
import { answerForGraphFailure, isGraphFailure } from '../gates/plan/revision-graph.ts'
import { onceAround } from '../hooks/around-phases.ts'
import type { NothingMore, Phase, PhaseEnd, Step } from '../phases/phase.ts'
import { stoppedByError } from '../phases/run-phase.ts'
import { makePlan } from '../planning/make-plan.ts'
import type { Recorder } from '../recording/recorder.ts'
import { withoutCluster } from '../topology/unreadable-tenants.ts'
import type { AskedRun } from './asked-run.ts'
import { describeAnalysis, describeSource } from './describe-analysis.ts'

/** A plan, with all that is known of it beforehand. */
export interface Planning extends AnalyzedPlan {
  readonly rehearsal: Rehearsal | null
}

/** Works out who moves and by which route, and what can be known of that beforehand. */
export const planMigration: Phase<AskedRun, Planning> = {
  name: 'planning',
  hooks: onceAround,
  async work(run) {
    try {
      return await planAndAnalyze(run)
    } catch (error) {
      await recordGraphAnswer(run.recorder, error)
      throw error
    }
  },
}

/** A plan in which nobody moves ends the run. */
export const endWhereNobodyMoves: Step<Planning, NothingMore> = {
  async work({ plan }) {
    if (plan.routes.length > 0) return { kind: 'found', found: {} }
    return { kind: 'over', ending: { outcome: 'nothing_to_do', failure: null } }
  },
}

async function planAndAnalyze({
  request,
  reading,
  config,
  ports,
  topology,
  recorder,
  signal,
}: AskedRun): Promise<PhaseEnd<Planning>> {
  const plan = await makePlan({ ...request, topology, graph: reading }, ports, signal)
  const graph = await reading
  await recorder.record(describeSource(graph))
  // All of a group or none: a tenant that cannot be read has to be fixed, or left out by name.
  if (plan.unreadable) {
    const tenants = plan.unreadable.map(withoutCluster)
    return { status: 'failed', message: stoppedByError, failure: { kind: 'tenants_unreadable', tenants } }
  }
  await recorder.record({ type: 'plan.made', plan })
  const rehearse = config.rehearsal.when === 'always' ? 'unless_kept' : 'not_now'
  const onProgress = (): void => undefined
  const analysis = await analyzePlan({ plan, graph, topology, config, rehearse, onProgress }, ports, signal)
  await recorder.record(describeAnalysis(analysis))
  const found = { plan, graph, analysis, rehearsal: analysis.rehearsal }
  return { status: 'success', message: describeMoves(plan), found }
}

function describeMoves(plan: Plan): string {
  const count = listMigrating(plan).length
  if (count === 0) return `${describeEverybody(listClosed(plan)).every} is at the target`
  return `${countOf(count, 'tenant')} in ${countOf(plan.groups.length, 'group')} to ${plan.target.join(', ')}`
}

/** Revisions that cannot be planned with are what a gate would have said of them. */
async function recordGraphAnswer(recorder: Recorder, error: unknown): Promise<void> {
  const failure = toFailure(error)
  if (!isGraphFailure(failure)) return
  const answer = answerForGraphFailure(failure)
  await recorder.record({
    type: 'gate.judged',
    gate: 'revision_graph',
    momentary: false,
    answer,
    volatile: {},
  })
}
