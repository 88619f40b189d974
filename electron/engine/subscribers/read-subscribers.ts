import type { Cluster, Tenant } from '../../../shared/topology/topology.ts'
import { mapConcurrently } from '../../lib/map-concurrently.ts'
import type { Publication, SubscriberFacts } from '../ports/subscriber-facts.ts'
import { matchSlots, type SlotOwner, type SubscriberAnswer } from './match-slots.ts'

/** Who takes what is published of one tenant. */
export interface SubscribedTenant {
  readonly tenant: Tenant
  readonly cluster: Cluster
  readonly publications: readonly Publication[]
  readonly owners: readonly SlotOwner[]
}

/** Finds out who takes logical changes of these tenants; where there are none, only the slots of each primary are read. */
export async function readSubscribers(
  clusters: readonly Cluster[],
  tenants: readonly Tenant[],
  facts: SubscriberFacts,
  signal: AbortSignal,
): Promise<readonly SubscribedTenant[]> {
  const found = await mapConcurrently(clusters, 4, async (cluster): Promise<readonly SubscribedTenant[]> => {
    const own = tenants.filter(tenant => tenant.cluster === cluster.name)
    if (own.length === 0) return []
    const primary = cluster.primary.server
    const slots = await facts.readSlots(primary, signal)
    const taken = own.filter(tenant => slots.some(slot => slot.database === tenant.database))
    if (taken.length === 0) return []
    const subscribers = await readAnswers(cluster, facts, signal)
    const databases = [...new Set(taken.map(tenant => tenant.database))]
    const published = new Map(
      await mapConcurrently(
        databases,
        4,
        async database => [database, await facts.readPublications(primary, database, signal)] as const,
      ),
    )
    return taken.map(tenant => {
      const publications = published.get(tenant.database) ?? []
      const names = publications.map(({ name }) => name)
      const owners = matchSlots(slots, tenant.database, names, subscribers)
      return { tenant, cluster, publications, owners }
    })
  })
  return found.flat()
}

/** One that cannot be asked answers nothing: its slots then look like those of a subscriber that is not declared. */
function readAnswers(
  { subscribers = [] }: Cluster,
  facts: SubscriberFacts,
  signal: AbortSignal,
): Promise<readonly SubscriberAnswer[]> {
  const reachable = subscribers.filter(({ role }) => role !== 'unreachable')
  return mapConcurrently(reachable, 4, async ({ server }) => ({
    server,
    subscriptions: await facts.readSubscriptions(server, signal),
  }))
}
