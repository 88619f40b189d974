import type { Readiness } from '../../../shared/plan/readiness.ts'
import type { ProjectConfig } from '../../config/project-config.ts'
import { type BlockingRuns, findBlock } from '../../engine/open-runs/find-block.ts'
import { withClosed } from '../../engine/open-runs/find-refusal.ts'
import type { PlanStore } from '../ports/plan-store.ts'
import { findOpenPlan } from './find-open-plan.ts'
import { judgeReadinessOf, type ReadinessSources } from './judge-readiness-of.ts'
import { type FleetReading, failureOf } from './read-fleet.ts'
import { viewFleet } from './view-fleet.ts'

/** A reading of the fleet, with the runs on record. */
export interface FleetFacts
  extends Pick<BlockingRuns, 'runs' | 'openRuns'>,
    Pick<ReadinessSources, 'active'> {
  readonly config: ProjectConfig
  readonly reading: FleetReading
}

/** What stands in the way of a run, and what to do next. */
export interface FleetAssessment extends ReadinessSources {
  readonly readiness: Readiness
}

/** Says from a reading and the runs on record why a run would be refused, what is unproven, and whether one may migrate now. */
export async function assessFleet(
  { config, reading, runs, openRuns, active }: FleetFacts,
  plans: Pick<PlanStore, 'list' | 'readPlan' | 'readGates'>,
): Promise<FleetAssessment> {
  const { votes, held, topology } = reading
  const block = findBlock({ project: config.project, votes, held, runs, openRuns })
  const sources = {
    plan: await findOpenPlan(plans, reading),
    active,
    unproven: openRuns.find(run => run.state === 'unproven') ?? null,
    blocked: block && topology ? withClosed(block, topology) : block,
    failure: failureOf(reading),
    fleet: viewFleet(config, reading),
  }
  return { ...sources, readiness: judgeReadinessOf(sources) }
}
