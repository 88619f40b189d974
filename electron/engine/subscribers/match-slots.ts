import type { HeldSubscription, LogicalSlot } from '../ports/subscriber-facts.ts'

/** The subscriptions of one declared subscriber. */
export interface SubscriberAnswer {
  readonly server: string
  readonly subscriptions: readonly HeldSubscription[]
}

/** A slot of a tenant's database, and who takes from it; null where no declared subscriber does. */
export interface SlotOwner {
  readonly slot: LogicalSlot
  readonly owner: { readonly server: string; readonly subscription: HeldSubscription } | null
}

/** Who takes from the slots of a database: names of slots are unique in a cluster, and a subscription knows its own. */
export function matchSlots(
  slots: readonly LogicalSlot[],
  database: string,
  publications: readonly string[],
  subscribers: readonly SubscriberAnswer[],
): readonly SlotOwner[] {
  const known = new Set(publications)
  return slots
    .filter(slot => slot.database === database)
    .map(slot => {
      for (const { server, subscriptions } of subscribers) {
        const subscription = subscriptions.find(
          one => one.slot === slot.name && one.publications.some(name => known.has(name)),
        )
        if (subscription) return { slot, owner: { server, subscription } }
      }
      return { slot, owner: null }
    })
}
