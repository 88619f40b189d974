import type { OverviewView } from '../../../../shared/api/overview-view.ts'
import { findOpenPlan } from '../../../app/status/find-open-plan.ts'
import { judgeReadinessOf } from '../../../app/status/judge-readiness-of.ts'
import { failureOf } from '../../../app/status/read-fleet.ts'
import { viewFleet } from '../../../app/status/view-fleet.ts'
import { findBlock } from '../../../engine/open-runs/find-block.ts'
import { openPlanStore } from '../../stores/plan-store.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import { listAttention } from './list-attention.ts'
import { listOpenRuns } from './list-open-runs.ts'

/** What needs attention now. */
export function handleOverview(context: ServiceContext): HandlersOf<'overview'> {
  const { session, fleet, lag, surveys, history, listActive } = context
  const readOverview = async (): Promise<OverviewView> => {
    if (session.project === null) return emptyOverview()
    const project = await session.refresh()
    const [reading, runs, active] = await Promise.all([fleet.read(), history.list(), listActive()])
    const own = runs.filter(run => run.project === project.config.project && !run.isImported)
    const open = await listOpenRuns(context, project, runs)
    const view = viewFleet(project.config, reading)
    const failure = failureOf(reading)
    const facts = {
      plan: await findOpenPlan(openPlanStore(project.plansFolder), reading),
      lastRun: own.find(run => run.outcome !== null) ?? null,
      unproven: open.find(run => run.state === 'unproven') ?? null,
      blocked: findBlock({
        project: project.config.project,
        votes: reading.votes,
        held: reading.held,
        runs,
        openRuns: open,
      }),
      active,
      lag: lag.newest(),
      maxLagBytes: project.config.gates.replica_lag.maxBytes,
      fleet: view,
      failure,
      others: reading.others,
      findings: surveys.last(session.choice)?.found?.findings ?? [],
    }
    return {
      readiness: judgeReadinessOf(facts),
      attention: listAttention(facts),
      fleet: view,
      failure,
      lag: facts.lag,
      observedAt: reading.observedAt,
    }
  }
  return {
    'overview.read': (_input, client) => {
      client.refresh()
      return readOverview()
    },
  }
}

function emptyOverview(): OverviewView {
  return {
    readiness: judgeReadinessOf(null),
    attention: [],
    fleet: null,
    failure: null,
    lag: [],
    observedAt: new Date().toISOString(),
  }
}
