import type { DeclaredReplay, ServerObservation } from '../../shared/topology/topology.ts'

/** A standby that is this late is so on purpose. */
const deliberateMs = 60_000

/** What a standby should be declared to promise by what it is seen to do; empty for one that follows at once. */
export function suggestReplay(seen: Pick<ServerObservation, 'role' | 'replication'> | undefined): {
  readonly replay?: DeclaredReplay
} {
  if (seen?.role !== 'standby' || !seen.replication) return {}
  const { applyDelayMs = 0, hasReceiver, receivedLsn, replayedLsn } = seen.replication
  if (applyDelayMs >= deliberateMs) return { replay: 'delayed' }
  return hasReceiver === false && receivedLsn === null && replayedLsn !== null ? { replay: 'archive' } : {}
}
