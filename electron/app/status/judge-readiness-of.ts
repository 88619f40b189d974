import type { FleetView } from '../../../shared/api/overview-view.ts'
import type { Failure } from '../../../shared/failure/failure.ts'
import { listMigrating } from '../../../shared/plan/plan-selectors.ts'
import type { Readiness } from '../../../shared/plan/readiness.ts'
import type { OpenRun } from '../../engine/open-runs/find-open-runs.ts'
import type { OpenPlan } from './find-open-plan.ts'
import { judgeReadiness, type ReadinessFacts } from './judge-readiness.ts'

/** What "may I migrate now?" is answered from. */
export interface ReadinessSources {
  /** The plan that waits for a decision or for its run. */
  readonly plan: OpenPlan | null
  /** Runs at work, those of this process first. */
  readonly active: readonly NonNullable<ReadinessFacts['activeRun']>[]
  /** A run that ended in need of a person, and that no later one has put right. */
  readonly unproven: OpenRun | null
  /** Why a run would be refused now: votes are open, or a run has no end. */
  readonly blocked: Failure | null
  /** Why servers or tenants could not be read. */
  readonly failure: Failure | null
  readonly fleet: FleetView | null
}

/** "May I migrate now?"; null where no project is open. */
export function judgeReadinessOf(sources: ReadinessSources | null): Readiness {
  const { plan, active, unproven, blocked, failure, fleet } = sources ?? nothing
  return judgeReadiness({
    hasProject: sources !== null,
    failure,
    blocked,
    activeRun: active[0] ?? null,
    unproven,
    fleet,
    plan: plan === null ? null : describePlan(plan),
  })
}

const nothing: ReadinessSources = {
  plan: null,
  active: [],
  unproven: null,
  blocked: null,
  failure: null,
  fleet: null,
}

function describePlan({ plan, record, gates }: OpenPlan): NonNullable<ReadinessFacts['plan']> {
  return {
    planId: plan.planId,
    state: record.state === 'approved' ? 'approved' : 'waiting',
    tenants: listMigrating(plan).length,
    target: plan.target,
    gates,
  }
}
