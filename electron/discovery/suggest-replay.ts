import type { DeclaredReplay, ServerObservation, StandbyState } from '../../shared/topology/topology.ts'

/** A run waits this long for a standby after each group, which is acceptable. */
const harmlessDelayMs = 2_000

/** Whether a standby is late on purpose: by so much that no run should wait for it, with locks that others wait for. */
export function isLateOnPurpose({ applyDelayMs = 0 }: Pick<StandbyState, 'applyDelayMs'>): boolean {
  return applyDelayMs > harmlessDelayMs
}

/** What a standby should be declared to promise by what it is seen to do; empty for one that follows at once. */
export function suggestReplay(seen: Pick<ServerObservation, 'role' | 'replication'> | undefined): {
  readonly replay?: DeclaredReplay
} {
  if (seen?.role !== 'standby' || !seen.replication) return {}
  const { hasReceiver, receivedLsn, replayedLsn } = seen.replication
  if (isLateOnPurpose(seen.replication)) return { replay: 'delayed' }
  return hasReceiver === false && receivedLsn === null && replayedLsn !== null ? { replay: 'archive' } : {}
}
