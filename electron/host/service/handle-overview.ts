import type { OverviewView } from '../../../shared/api/overview-view.ts'
import { judgeReadinessOf } from './judge-readiness-of.ts'
import { listAttention } from './list-attention.ts'
import { listOpenRuns } from './list-open-runs.ts'
import type { HandlersOf, ServiceContext } from './service-context.ts'
import { viewFleet } from './view-fleet.ts'

/** What needs somebody now. */
export function handleOverview(context: ServiceContext): HandlersOf<'overview'> {
  const { session, fleet, plans, lag, surveys, history, listActive } = context
  const readOverview = async (): Promise<OverviewView> => {
    if (session.project === null) return emptyOverview()
    const project = await session.refresh()
    const [reading, runs, active, plan] = await Promise.all([
      fleet.read(),
      history.list(),
      listActive(),
      plans.findOpen(project),
    ])
    const own = runs.filter(run => run.project === project.config.project && !run.isImported)
    const open = await listOpenRuns(context, project, runs)
    const view = viewFleet(project.config, reading)
    const failure = reading.failure ?? reading.graphFailure
    const facts = {
      plan,
      lastRun: own.find(run => run.outcome !== null) ?? null,
      unfinished: open.find(run => run.state !== 'unproven') ?? null,
      unproven: open.find(run => run.state === 'unproven') ?? null,
      // While a run is at work its votes are open as they should be.
      unsettled: active.length > 0 ? null : reading.unsettled,
      active,
      lag: lag.newest(),
      maxLagBytes: project.config.gates.replica_lag.maxBytes,
      fleet: view,
      failure,
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
      client.look()
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
