import type { Rehearsal } from '../../../shared/analysis/rehearsal.ts'
import type { ReplayForecast } from '../../../shared/analysis/replay-forecast.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import { listPlanned } from '../../../shared/plan/plan-selectors.ts'
import type { Cluster, Topology } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { ReplayFacts, StandbyReaders } from '../ports/replay-facts.ts'
import { namesInTenant } from './plan-names.ts'

/** What a forecast is made from. */
export interface ForecastRequest {
  readonly plan: Plan
  readonly rehearsal: Rehearsal
  readonly topology: Topology
}

/** Says what the exclusive locks of a rehearsed plan would meet on each standby right now. */
export async function forecastReplay(
  { plan, rehearsal, topology }: ForecastRequest,
  { replayFacts }: { readonly replayFacts: ReplayFacts },
  signal: AbortSignal,
): Promise<readonly ReplayForecast[]> {
  const forecasts = await mapConcurrently(
    topology.clusters,
    4,
    async (cluster): Promise<readonly ReplayForecast[]> => {
      const relations = listExclusive(plan, rehearsal, cluster)
      if (relations.size === 0) return []
      return await mapConcurrently(cluster.standbys, 4, async ({ server }) => {
        const readers = await replayFacts.readReaders({ server, relations }, signal)
        return describe(server, cluster.name, readers)
      })
    },
  )
  return forecasts.flat()
}

/** Relations that the plan locks exclusively, by database: only these locks are replayed on a standby. */
function listExclusive(
  plan: Plan,
  rehearsal: Rehearsal,
  cluster: Cluster,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const route of rehearsal.routes) {
    const locks = route.statements.flatMap(statement => statement.locks)
    const exclusive = locks.filter(lock => lock.mode === 'AccessExclusiveLock').map(lock => lock.relation)
    if (exclusive.length === 0) continue
    const members = new Set(route.tenants)
    for (const { tenant, cluster: home, database, schema } of listPlanned(plan)) {
      if (home !== cluster.name || !members.has(tenant)) continue
      found.set(
        database,
        [...new Set([...(found.get(database) ?? []), ...namesInTenant(schema, exclusive)])].sort(),
      )
    }
  }
  return found
}

/** Replay waits for a query as long as it may, and then cancels it; `hot_standby_feedback` changes nothing about locks. */
function describe(server: string, cluster: string, readers: StandbyReaders): ReplayForecast {
  const { maxDelayMs, hotStandbyFeedback } = readers
  const effect = readers.queries.length === 0 ? 'clear' : maxDelayMs < 0 ? 'stall' : 'cancel'
  const queries = readers.queries.map(({ pid, application, ageSeconds, relations }) => ({
    pid,
    application,
    ageSeconds,
    tables: relations,
  }))
  return { server, cluster, effect, maxDelayMs, hotStandbyFeedback, queries }
}
