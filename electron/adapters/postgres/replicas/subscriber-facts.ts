import type { SlotProgress, SubscriberFacts } from '../../../engine/ports/subscriber-facts.ts'
import { pause } from '../../../lib/throw-if-aborted.ts'
import type { ClientOptions, DatabaseClient } from '../session/database-client.ts'
import { findServer } from '../session/find-server.ts'
import type { ServerSettings } from '../session/server-settings.ts'
import { withClient } from '../session/with-client.ts'
import {
  selectHeldSubscriptions,
  selectHeldTables,
  selectLogicalSlots,
  selectPublications,
  selectSlotProgress,
} from './subscriber-queries.ts'

const asking: ClientOptions = {
  applicationName: 'lockstep subscribers',
  statementTimeoutMs: 15_000,
  settings: { search_path: '', default_transaction_read_only: 'on' },
}
const pollMs = 20

/** Reads who takes logical changes, and what they hold. Holds nothing open by itself. */
export function createSubscriberFacts(servers: readonly ServerSettings[]): SubscriberFacts {
  const ask = <T>(
    name: string,
    database: string | null,
    use: (client: DatabaseClient) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    const settings = findServer(servers, name)
    return withClient(settings, database ?? settings.maintenanceDatabase, asking, use, signal)
  }
  return {
    readSlots: (primary, signal) => ask(primary, null, selectLogicalSlots, signal),
    readPublications: (primary, database, signal) => ask(primary, database, selectPublications, signal),
    readSubscriptions: (subscriber, signal) => ask(subscriber, null, selectHeldSubscriptions, signal),
    readTables: (subscriber, database, signal) => ask(subscriber, database, selectHeldTables, signal),
    waitForSlot: (primary, target, deadlineMs, signal) =>
      ask(primary, null, client => waitForSlot(client, target, deadlineMs, signal), signal),
  }
}

async function waitForSlot(
  client: DatabaseClient,
  { slot, lsn }: { readonly slot: string; readonly lsn: string },
  deadlineMs: number,
  signal: AbortSignal,
): Promise<SlotProgress> {
  const started = performance.now()
  for (;;) {
    const progress = await selectSlotProgress(client, slot, lsn)
    const waitedMs = Math.round(performance.now() - started)
    const hasReached = progress?.hasReached ?? false
    if (progress === null || hasReached || waitedMs >= deadlineMs)
      return { hasReached, waitedMs, missingBytes: progress?.missingBytes ?? null }
    await pause(pollMs, signal)
  }
}
