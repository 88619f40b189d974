import type { OverviewView } from '../../../../shared/api/overview-view.ts'
import { assessFleet } from '../../../app/status/assess-fleet.ts'
import { judgeReadinessOf } from '../../../app/status/judge-readiness-of.ts'
import { listAttention } from '../../../app/status/list-attention.ts'
import { openPlanStore } from '../../stores/plan-store.ts'
import type { HandlersOf, ServiceContext } from '../context/service-context.ts'
import { readOpenRuns } from './read-open-runs.ts'

/** What needs attention now. */
export function handleOverview(context: ServiceContext): HandlersOf<'overview'> {
  const { session, fleet, lag, surveys, history, listActive } = context
  const readOverview = async (): Promise<OverviewView> => {
    if (session.project === null) return emptyOverview()
    const project = await session.refresh()
    const [reading, runs, active] = await Promise.all([fleet.read(), history.list(), listActive()])
    const { config, plansFolder } = project
    const openRuns = await readOpenRuns(context, project, runs)
    const assessed = await assessFleet(
      { config, reading, runs, openRuns, active },
      openPlanStore(plansFolder),
    )
    const newest = lag.newest()
    const own = runs.filter(run => run.project === config.project && !run.isImported)
    const attention = listAttention({
      ...assessed,
      active,
      lastRun: own.find(run => run.outcome !== null) ?? null,
      lag: newest,
      maxLagBytes: config.gates.replica_lag.maxBytes,
      others: reading.others,
      findings: surveys.last(session.choice)?.found?.findings ?? [],
    })
    const { readiness, fleet: view, failure } = assessed
    return { readiness, attention, fleet: view, failure, lag: newest, observedAt: reading.observedAt }
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
