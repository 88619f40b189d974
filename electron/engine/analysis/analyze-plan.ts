import type { PlanAnalysis } from '../../../shared/analysis/plan-analysis.ts'
import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { toFailure } from '../../../shared/failure/failure.ts'
import type { MigrationGraph } from '../../../shared/plan/migration-graph.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { acceptConflicts } from '../conflicts/accept-conflicts.ts'
import type { ConflictPorts } from '../conflicts/conflict-ports.ts'
import { findConflicts } from '../conflicts/find-conflicts.ts'
import { resolveQuarantine } from '../drift/quarantine.ts'
import { readClasses } from '../drift/read-classes.ts'
import { type LintPorts, lintPlan } from '../lint/lint-plan.ts'
import type { EnginePorts } from '../ports/engine-ports.ts'
import { forecastReplay } from '../rehearsal/forecast-replay.ts'
import { readStoredRehearsal } from '../rehearsal/read-stored-rehearsal.ts'
import type { RehearsalPorts } from '../rehearsal/rehearsal-context.ts'
import { rehearsePlan } from '../rehearsal/rehearse-plan.ts'
import { forecastSubscribers } from '../subscribers/forecast-subscribers.ts'
import { findHiddenRows } from './find-hidden-rows.ts'

/** Whether a plan is rehearsed now: in any case, where no rehearsal of it is kept, or not at all. */
export type RehearseWhen = 'anew' | 'unless_kept' | 'not_now'

/** What is looked ahead at. */
export interface AnalysisRequest {
  readonly plan: Plan
  readonly graph: MigrationGraph
  readonly topology: Topology
  readonly config: ProjectConfig
  readonly rehearse: RehearseWhen
  readonly onProgress: (line: string) => void
}

/** What looking ahead asks of the outside world. */
export type AnalysisPorts = RehearsalPorts &
  ConflictPorts &
  LintPorts &
  Pick<EnginePorts, 'rehearsals' | 'replayFacts' | 'subscriberFacts' | 'facts'>

/** Everything that can be known about a plan before it runs; nothing of a tenant is changed. */
export async function analyzePlan(
  request: AnalysisRequest,
  ports: AnalysisPorts,
  signal: AbortSignal,
): Promise<PlanAnalysis> {
  const { plan, graph, topology, config } = request
  const { planId } = plan
  const names = topology.tenants.map(tenant => tenant.name)
  const quarantined = resolveQuarantine(names, config.drift.quarantine)
  if (plan.routes.length === 0) {
    const notRehearsed = 'there is nothing to rehearse'
    return { planId, findings: [], classes: [], quarantined, rehearsal: null, notRehearsed, forecast: null }
  }
  const classes = await readClasses({ plan, topology }, ports, signal)
  const conflicts = await findConflicts({ plan, graph, topology }, ports, signal)
  const { rehearsal, notRehearsed } = await findRehearsal(request, ports, signal)
  // What cannot be shown beforehand is examined as it ran.
  const linted = await lintPlan({ plan, topology, settings: config.lint, rehearsal }, ports, signal)
  const forecast = rehearsal
    ? await orNull(() => forecastReplay({ plan, rehearsal, topology }, ports, signal), signal)
    : null
  const subscribers = await orNull(() => forecastSubscribers({ plan, topology }, ports, signal), signal)
  const isWaived = config.waivers.some(({ gate }) => gate === 'foreign_keys')
  const hidden = isWaived
    ? null
    : await orNull(() => findHiddenRows({ plan, topology }, ports, signal), signal)
  return {
    planId,
    findings: [...linted, ...acceptConflicts(conflicts, plan, config.lint)],
    classes,
    quarantined,
    rehearsal,
    notRehearsed,
    forecast,
    subscribers,
    ...(hidden && hidden.length > 0 ? { hidden } : {}),
  }
}

/** The rehearsal that is kept for this very plan, or a new one where that is wanted: rows and sessions are no part of a plan, and may be others by now. */
async function findRehearsal(
  { plan, topology, config, rehearse, onProgress }: AnalysisRequest,
  ports: AnalysisPorts,
  signal: AbortSignal,
): Promise<{ readonly rehearsal: Rehearsal | null; readonly notRehearsed: string }> {
  const kept =
    rehearse === 'anew'
      ? null
      : await readStoredRehearsal({ plan, config, rehearse: rehearse === 'unless_kept' }, ports, signal)
  if (kept) return { rehearsal: kept, notRehearsed: '' }
  if (rehearse === 'not_now') {
    const notRehearsed =
      config.rehearsal.when === 'never'
        ? 'rehearsal.when is never in the configuration'
        : 'this plan has not been rehearsed: lockstep plan --rehearse'
    return { rehearsal: null, notRehearsed }
  }
  try {
    const rehearsal = await rehearsePlan({ plan, topology, config, onProgress }, ports, signal)
    await ports.rehearsals.write(rehearsal)
    return { rehearsal, notRehearsed: '' }
  } catch (error) {
    if (signal.aborted) throw error
    // A copy that cannot be made is no fault of the plan: the gates that rest on it say so.
    const { what, why } = describeFailure(toFailure(error))
    return { rehearsal: null, notRehearsed: [what, why].filter(text => text !== '').join(': ') }
  }
}

/** A server that does not answer is a matter of the gates; without it nothing is forecast. */
async function orNull<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (signal.aborted) throw error
    return null
  }
}
