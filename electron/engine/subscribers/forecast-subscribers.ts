import type { SubscriberForecast } from '../../../shared/analysis/subscriber-forecast.ts'
import type { Plan } from '../../../shared/plan/plan.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import { type RouteStep, StatementReader } from '../conflicts/route-statement.ts'
import type { SqlParser } from '../ports/sql-parser.ts'
import type { SubscriberFacts } from '../ports/subscriber-facts.ts'
import { listMigratingTenants, type MigratingTenant } from '../routes/migrating-tenants.ts'
import { compareTables, compareWithBefore } from './compare-tables.ts'
import { followRoute } from './follow-route.ts'
import { readSubscribers, type SubscribedTenant } from './read-subscribers.ts'
import { selectPublished } from './select-published.ts'

/** Says what a plan would do to those who take logical changes of its tenants; empty where there are none. */
export async function forecastSubscribers(
  context: { readonly plan: Plan; readonly topology: Topology },
  ports: { readonly subscriberFacts: SubscriberFacts; readonly parser: SqlParser },
  signal: AbortSignal,
): Promise<readonly SubscriberForecast[]> {
  const migrating = listMigratingTenants(context)
  const tenants = migrating.map(({ tenant }) => tenant)
  const found = await readSubscribers(context.topology.clusters, tenants, ports.subscriberFacts, signal)
  const reader = new StatementReader(ports.parser)
  const forecasts = await mapConcurrently(found, 4, async subscribed => {
    const member = migrating.find(({ tenant }) => tenant.name === subscribed.tenant.name)
    if (!member) return []
    const steps = await reader.readRoute(member.route, signal)
    return await forecastTenant(member, subscribed, steps, ports.subscriberFacts, signal)
  })
  return forecasts.flat()
}

async function forecastTenant(
  { tenant }: MigratingTenant,
  { publications, owners }: SubscribedTenant,
  steps: readonly RouteStep[],
  facts: SubscriberFacts,
  signal: AbortSignal,
): Promise<readonly SubscriberForecast[]> {
  return await mapConcurrently(owners, 4, async ({ slot, owner }): Promise<SubscriberForecast> => {
    const names = owner?.subscription.publications ?? null
    const before = selectPublished(publications, names, tenant.schema)
    const after = followRoute(steps, before, tenant.schema)
    const one = { tenant: tenant.name, slot: slot.name }
    if (!owner) {
      const differences = compareWithBefore(after.tables, before.tables)
      return { ...one, server: null, subscription: '', differences }
    }
    const { server, subscription } = owner
    const held = await facts.readTables(server, subscription.database, signal)
    const differences = compareTables(after.tables, held, subscription.name)
    return { ...one, server, subscription: subscription.name, differences }
  })
}
